"""Putting a backup back.

Nothing of the old data is touched before the new is whole and checked. On SQLite the new database
is built in a file beside the old one, and takes its name in one step; on PostgreSQL everything
happens in one transaction. Documents are only ever added before that step.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from wholesystem.errors import UserError
from wholesystem.web.accounts.models import User
from wholesystem.web.answers.keeping import put_back, take_place
from wholesystem.web.backup import filling
from wholesystem.web.backup.manifest import (
    Manifest,
    check_archive,
    read_manifest,
)
from wholesystem.web.backup.writing import ANSWERS, DOCUMENTS
from wholesystem.web.locks import held

__all__ = ["restore_backup"]

STAGE = ".restoring-"


def restore_backup(source: Path, *, replace: bool) -> tuple[Manifest, Path | None]:
    """Put a backup back, in place of what is there.

    Parameters
    ----------
    source : Path
        A file that `write_backup` wrote, of this version or an earlier one.
    replace : bool
        Whether data that is there may be replaced.

    Returns
    -------
    tuple of (Manifest, Path or None)
        What was put back, and where the old database lies; None where there was none, and on
        PostgreSQL.

    Raises
    ------
    UserError
        If the file is no whole backup, there is data and `replace` is not said, or the workspace
        is running. Nothing has changed then.
    """
    folder = Path(settings.DATA_FOLDER)
    with held(folder, alone=True), _opened(source) as archive:
        manifest = read_manifest(archive, source)
        check_archive(archive, manifest, source)
        filling.check_known(manifest, source)
        holds_data = _holds_data()
        if holds_data and not replace:
            raise UserError(
                f"The workspace in {folder} holds data. A restore puts the backup in its place."
                " Say --replace if that is what you want."
            )
        _clear_stages(folder)
        stage = Path(tempfile.mkdtemp(prefix=STAGE, dir=folder))
        try:
            aside = _restore(archive, manifest, stage)
            if aside is not None and not holds_data:
                aside.unlink()
                aside = None
            return manifest, aside
        finally:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise UserError(f"There is no file {source}. Name a backup.") from None
    except (zipfile.BadZipFile, IsADirectoryError, EOFError):
        raise UserError(
            f"{source} is no backup of a workspace, or not a whole one. A backup is a file that"
            " `wholesystem workspace backup` wrote. Nothing was changed. Use another one."
        ) from None
    with closing(archive):
        yield archive


def _holds_data() -> bool:
    """Tables without an account are what `migrate` makes; there is nothing to lose in them."""
    table = User._meta.db_table
    return table in connection.introspection.table_names() and User.objects.exists()


def _clear_stages(folder: Path) -> None:
    """Take away what a restore left that was stopped the hard way."""
    for stage in folder.glob(f"{STAGE}*"):
        shutil.rmtree(stage, ignore_errors=True)


def _restore(archive: zipfile.ZipFile, manifest: Manifest, stage: Path) -> Path | None:
    later = _add_documents(archive, manifest, stage)
    answers = _stage_answers(archive, manifest, stage)
    if connection.vendor == "sqlite":
        aside = _replace_sqlite(archive, manifest, stage)
    else:
        filling.fill_in_one_transaction(archive, manifest)
        aside = None
    for path, place in later:
        os.replace(path, place)
    take_place(answers, datetime.now(UTC))
    return aside


def _stage_answers(archive: zipfile.ZipFile, manifest: Manifest, stage: Path) -> Path:
    """The answers to feedback tools as they were kept, in a folder of their own."""
    folder = stage / "answers"
    folder.mkdir(mode=0o700)
    for name in manifest.files:
        if name.startswith(ANSWERS):
            with archive.open(name) as file:
                put_back(name.removeprefix(ANSWERS), file, folder)
    return folder


def _add_documents(
    archive: zipfile.ZipFile, manifest: Manifest, stage: Path
) -> list[tuple[Path, Path]]:
    """Add the documents that are not there; those that differ wait until the database is new."""
    later = []
    for name, digest in manifest.files.items():
        if not name.startswith(DOCUMENTS):
            continue
        place = Path(settings.MEDIA_ROOT) / name.removeprefix(DOCUMENTS)
        path = stage / digest
        with archive.open(name) as file, path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        path.chmod(0o600)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.exists():
            later.append((path, place))
        else:
            os.replace(path, place)
    return later


def _replace_sqlite(archive: zipfile.ZipFile, manifest: Manifest, stage: Path) -> Path | None:
    old = Path(settings.SQLITE_FILE)
    new = stage / old.name
    with _connected_to(new):
        filling.fill_new(archive, manifest)
        with connection.cursor() as cursor:
            # One file with everything in it, before it takes the other's name.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if not old.exists():
        os.replace(new, old)
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = old.with_name(f"{old.name}.before-{moment}")
    shutil.copy2(old, aside)
    # The old file's own notes must not be read as the new one's.
    for end in ("-wal", "-shm"):
        old.with_name(old.name + end).unlink(missing_ok=True)
    os.replace(new, old)
    return aside


@contextmanager
def _connected_to(path: Path) -> Iterator[None]:
    """Let Django work on another SQLite file within a block."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
