"""What an action refuses, for a page to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wholesystem.errors import UserError

__all__ = ["Conflict", "PolicyError", "RecordFaults"]


class RecordFaults(UserError):
    """Values that a record may not have.

    Parameters
    ----------
    faults : mapping of str to sequence of str
        What to tell, by column; each says the rule and what to do.

    Attributes
    ----------
    faults : mapping of str to sequence of str
        The same.
    """

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        self.faults = faults
        told = [f"{column}: {one}" for column, ones in faults.items() for one in ones]
        super().__init__(" ".join(told))

    @classmethod
    def of(cls, error: ValidationError) -> RecordFaults:
        """What a row's own checks found, in their words.

        Parameters
        ----------
        error : ValidationError
            Of a row.

        Returns
        -------
        RecordFaults
            By column; under no column where the fault is of the whole row.
        """
        faults: dict[str, list[str]] = {}
        for one in error.errors():
            context = one.get("ctx", {})
            rule = context.get("rule", f"{one['msg']}.")
            column = str(one["loc"][0]) if one["loc"] else ""
            faults.setdefault(column, []).append(f"{rule} {context.get('remedy', '')}".strip())
        return cls(faults)


class PolicyError(UserError):
    """Something that the state of a record does not allow; says why and what to do."""


class Conflict(UserError):
    """Somebody else changed the record since this person opened it.

    Parameters
    ----------
    table, record : str
        Which one.
    current : mapping of str to object
        Its row as it stands now.
    version : int
        Its version now.

    Attributes
    ----------
    current : mapping of str to object
        The same.
    version : int
        The same.
    """

    def __init__(self, table: str, record: str, current: Mapping[str, Any], version: int) -> None:
        self.current = current
        self.version = version
        super().__init__(
            f"Somebody changed {record} ({table}) while you were writing. Nothing of yours is lost:"
            " compare the two and save again."
        )
