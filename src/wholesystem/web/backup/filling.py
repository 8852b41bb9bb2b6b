"""Filling empty tables with the rows of a backup, at the state in which they were kept."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from wholesystem.errors import OurFault, UserError
from wholesystem.web.backup.manifest import Manifest
from wholesystem.web.backup.tables import digest_of_rows, models_of, read_rows, write_rows
from wholesystem.web.backup.writing import TABLES

__all__ = ["check_known", "fill_in_one_transaction", "fill_new"]

Node = tuple[str, str]


def check_known(manifest: Manifest, path: Path) -> None:
    """Check that this version knows every change of the tables that the backup has.

    Parameters
    ----------
    manifest : Manifest
        Of the backup.
    path : Path
        Its name, for messages.

    Raises
    ------
    UserError
        If a later version made it.
    """
    loader = MigrationExecutor(connection).loader
    known = set(loader.disk_migrations) | set(loader.replacements)
    for migration in loader.replacements.values():
        known |= set(migration.replaces)
    unknown = [f"{app} {name}" for app, name in manifest.migrations if (app, name) not in known]
    if unknown:
        raise UserError(
            f"{path} was made by version {manifest.version}, whose tables this version does not"
            f" know ({unknown[0]}). A backup goes into its own version or a later one. Install"
            " that version. Nothing was changed."
        )


def _ends(manifest: Manifest, executor: MigrationExecutor) -> list[Node]:
    """The last migration of each app that the backup had."""
    graph = executor.loader.graph
    made = {(app, name) for app, name in manifest.migrations} & set(graph.nodes)
    inner = {
        parent.key
        for node in made
        for parent in graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    return sorted(made - inner)


def fill_new(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Make the tables in an empty database, fill them, check them, and bring them up to date.

    Parameters
    ----------
    archive : ZipFile
        Checked.
    manifest : Manifest
        Its own.
    """
    executor = MigrationExecutor(connection)
    state = executor.migrate(_ends(manifest, executor))
    with transaction.atomic():
        _fill(archive, manifest, state.apps)
    connection.check_constraints()
    call_command("migrate", verbosity=0, interactive=False)


def fill_in_one_transaction(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Do the same in place of the tables that are there; they stay if anything fails.

    Parameters
    ----------
    archive : ZipFile
        Checked.
    manifest : Manifest
        Its own.
    """
    with transaction.atomic():
        _drop_tables()
        executor = MigrationExecutor(connection)
        state = executor.migrate(_ends(manifest, executor))
        with connection.cursor() as cursor:
            # Some migrations leave links checked at once, which rows in order of name are not.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        _fill(archive, manifest, state.apps)
        with connection.cursor() as cursor:
            # Checked now, not at the end: a table with checks to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in connection.ops.sequence_reset_sql(no_style(), models_of(state.apps)):
                cursor.execute(statement)
        call_command("migrate", verbosity=0, interactive=False)


def _drop_tables() -> None:
    """Drop our own tables; another program's in the same database stay."""
    ours = set(connection.introspection.django_table_names(only_existing=True))
    recorder = MigrationRecorder.Migration._meta.db_table
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in sorted(ours | ({recorder} & present)):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")


def _fill(archive: zipfile.ZipFile, manifest: Manifest, apps: Any) -> None:
    models = models_of(apps)
    missing = [
        one._meta.label_lower for one in models if one._meta.label_lower not in manifest.tables
    ]
    if missing or len(models) != len(manifest.tables):
        raise OurFault(f"The backup's tables are not those of its migrations: {missing}.")
    for model in models:
        # Some migrations put rows into their tables.
        if model._base_manager.exists():
            model._base_manager.all().delete()
    for model in models:
        name = f"{TABLES}{model._meta.label_lower}.jsonl"
        with archive.open(name) as file:
            write_rows(model, read_rows(file))
        if digest_of_rows(model)[1] != manifest.files[name]:
            raise OurFault(f"{model._meta.label} was not put back exactly. Nothing was changed.")
