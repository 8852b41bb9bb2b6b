"""Who may do what in a review: one table, asked in one place.

`permissions.csv` is the whole of it. Whether the state of a record allows something is policy:
see `policies`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from django.core.exceptions import PermissionDenied

from wholesystem.errors import OurFault
from wholesystem.reviews.words import ROLES
from wholesystem.web.workspace.models import Member

__all__ = ["PERMISSIONS", "can", "check_can", "roles_with"]


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("wholesystem.web.workspace").joinpath("permissions.csv").read_text("utf-8")
    rows = {row["permission"]: row for row in csv.DictReader(text.splitlines())}
    for name, row in rows.items():
        if set(row) != {"permission", "meaning", *ROLES} or None in row.values():
            raise OurFault(f"permissions.csv, row {name}: its columns are not those of the roles.")
    return rows


PERMISSIONS: dict[str, str] = {name: row["meaning"] for name, row in _table().items()}
"""What each permission allows."""


@cache
def roles_with(permission: str) -> frozenset[str]:
    """Roles that have a permission.

    Parameters
    ----------
    permission : str
        One of `PERMISSIONS`.

    Returns
    -------
    frozenset of str
        Words of ``roles.csv``.

    Raises
    ------
    KeyError
        If there is no such permission.
    """
    row = _table()[permission]
    return frozenset(role for role in ROLES if row[role] == "yes")


def can(member: Member, permission: str) -> bool:
    """Whether a person may do something in their review.

    Parameters
    ----------
    member : Member
        The person's part in the review.
    permission : str
        One of `PERMISSIONS`.

    Returns
    -------
    bool
        False for who has left.
    """
    return member.left_at is None and member.role in roles_with(permission)


def check_can(member: Member, permission: str) -> None:
    """Refuse what a person may not do.

    Parameters
    ----------
    member : Member
        The person's part in the review.
    permission : str
        One of `PERMISSIONS`.

    Raises
    ------
    PermissionDenied
        If `can` says no.
    """
    if not can(member, permission):
        raise PermissionDenied(f"This needs a role that may: {PERMISSIONS[permission]}")
