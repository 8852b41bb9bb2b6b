"""A follow-up as a folder of CSV files."""

from __future__ import annotations

import os
from pathlib import Path

from wholesystem.reviews.follow_up.recorded import FollowUp, follow_up_faults
from wholesystem.reviews.follow_up.records import FOLLOW_UP_TABLES
from wholesystem.reviews.plan.plan import ActionPlan
from wholesystem.reviews.plan.plan_files import checked, read_folder_tables, write_rows

__all__ = ["read_follow_up", "write_follow_up"]


def read_follow_up(folder: str | os.PathLike[str], plan: ActionPlan) -> FollowUp:
    """What was recorded of a plan, from a folder.

    Parameters
    ----------
    folder : path
        Of ``progress.csv`` and ``rebases.csv``; one that is missing has no rows.
    plan : ActionPlan
        The plan.

    Returns
    -------
    FollowUp
        Checked.

    Raises
    ------
    TableError
        With every fault of the cells, or, where they have none, of the rows together.
    """
    read = read_folder_tables(Path(folder), FOLLOW_UP_TABLES)
    rows = checked(read, lambda tables, where: follow_up_faults(plan, tables, where))
    return FollowUp(plan, **rows)


def write_follow_up(recorded: FollowUp, folder: str | os.PathLike[str]) -> None:
    """Write what was recorded of a plan as a folder of CSV files, so that it reads again.

    Parameters
    ----------
    recorded : FollowUp
        Progress and rebases.
    folder : path
        Made if it does not exist; tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    write_rows(recorded.tables(), FOLLOW_UP_TABLES, Path(folder))
