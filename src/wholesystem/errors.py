"""Every error that Wholesystem raises on purpose.

::

    WholesystemError          exit code 1
    ├── OurFault              exit code 1: a fault of the program, shown with a traceback
    └── UserError             exit code 2: the person can mend it, shown without a traceback
        ├── TableError        one or more faults of tables, all told together
        ├── ParameterError    an option or argument outside its range
        └── OutputError       the results cannot be written there

A message has three parts: what and where (file, row, column, value), the rule, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "Fault",
    "OurFault",
    "OutputError",
    "ParameterError",
    "TableError",
    "UserError",
    "WholesystemError",
    "shorten_value",
]

LONGEST_VALUE = 60


class WholesystemError(Exception):
    """Any error that Wholesystem raises on purpose."""

    exit_code = 1


class OurFault(WholesystemError):
    """A fault of the program; nothing that the person wrote can mend it."""

    exit_code = 1


class UserError(WholesystemError):
    """Something that the person can mend; printed without a traceback."""

    exit_code = 2


class ParameterError(UserError):
    """An option or argument outside its range."""


class OutputError(UserError):
    """A file or folder that cannot be written."""


@dataclass(frozen=True)
class Fault:
    """One fault of one cell, row or table.

    Parameters
    ----------
    where : str
        Place as the person sees it: ``services.csv row 3, column places``. The header is row 1.
    value : str or None
        What stands there; None where the fault is of no single value.
    rule : str
        The rule that it breaks, as a sentence.
    remedy : str
        What to do, as a sentence.

    Examples
    --------
    >>> print(Fault("services.csv row 3, column places", "ten", "Places must be a number.",
    ...     "Write it in digits, such as 10."))
    services.csv row 3, column places is 'ten'. Places must be a number. Write it in digits, such as 10.
    """  # noqa: E501

    where: str
    value: str | None
    rule: str
    remedy: str

    def __str__(self) -> str:
        """One line: what and where, the rule, what to do."""
        what = "" if self.value is None else f" is {shorten_value(self.value)}"
        end = ":" if self.value is None else "."
        return f"{self.where}{what}{end} {self.rule} {self.remedy}".rstrip()


def shorten_value(value: str) -> str:
    """A value as a message shows it.

    Parameters
    ----------
    value : str
        What stands in the cell.

    Returns
    -------
    str
        ``blank``, or the value in quotes, cut to 60 characters and with control characters
        escaped, so that a hostile cell cannot fill or colour the terminal.
    """
    if not value:
        return "blank"
    cut = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 3] + "..."
    # ascii() for what does not print: escape codes, and marks that turn the writing direction.
    return repr(cut)


class TableError(UserError):
    """Faults of tables, all of them together.

    Parameters
    ----------
    faults : iterable of Fault
        In table and row order; at least one.

    Attributes
    ----------
    faults : tuple of Fault
        The same.
    """

    MOST_SHOWN = 100

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(str(self))

    def __str__(self) -> str:
        """All faults, one a line; of more than 100, the first 100 and how many there are."""
        if len(self.faults) == 1:
            return str(self.faults[0])
        shown = [f"  {fault}" for fault in self.faults[: self.MOST_SHOWN]]
        more = len(self.faults) - len(shown)
        if more:
            shown.append(f"  ... and {more} more. Mend these first.")
        return "\n".join([f"{len(self.faults)} faults:", *shown])
