"""Whether the workspace does well: database, migrations, disk, background work, chain."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

__all__ = ["Finding", "look_after_health"]

# An upload, its copy in a backup and the database's own room.
LEAST_FREE_BYTES = 512 * 1_048_576
LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Finding:
    """What one look at the workspace found.

    Parameters
    ----------
    name : str
        What was looked at.
    is_well : bool
        Whether it is as it must be.
    says : str
        What was found, as a sentence with no person's words.
    """

    name: str
    is_well: bool
    says: str


def _look_at_database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Finding("Database", True, f"{connection.display_name} answers.")


def _look_at_migrations() -> Finding:
    executor = MigrationExecutor(connection)
    count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    says = f"{count} are still to be made: wholesystem workspace migrate." if count else "All made."
    return Finding("Changes of the tables", count == 0, says)


def _look_at_disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_FOLDER).free
    return Finding("Disk", free >= LEAST_FREE_BYTES, f"{free // 1_048_576:,} MB are free.")


def _look_at_queue() -> Finding:
    """A long wait means that no worker runs, or that it is stuck."""
    now = timezone.now()
    # Those for a later time are not due yet; of others that time lies in the year 9999.
    waiting = [
        after if after <= now else asked
        for asked, after in DBTaskResult.objects.ready().values_list("enqueued_at", "run_after")
    ]
    if not waiting:
        return Finding("Background work", True, "Nothing waits.")
    minutes = int((now - min(waiting)) / timedelta(minutes=1))
    says = f"{len(waiting)} wait, the oldest for {minutes} minutes."
    if minutes * timedelta(minutes=1) >= LONGEST_WAIT:
        return Finding("Background work", False, f"{says} Start: wholesystem workspace worker.")
    return Finding("Background work", True, says)


LOOKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("Database", _look_at_database),
    ("Changes of the tables", _look_at_migrations),
    ("Disk", _look_at_disk),
    ("Background work", _look_at_queue),
)


def look_after_health() -> list[Finding]:
    """What every look found, in the same order always.

    Returns
    -------
    list of Finding
        A look that fails is a finding that is not well, and hides no other.
    """
    return [_look(name, look) for name, look in LOOKS]


def _look(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (DatabaseError, OSError) as error:
        # The message may hold an address with a password.
        return Finding(name, False, f"It does not answer: {type(error).__name__}.")
