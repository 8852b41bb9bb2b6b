"""The packaged lists: reasons for delay, and rules for small numbers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wholesystem.errors import ParameterError

__all__ = ["SmallNumberRule", "reason_codes", "small_number_rule"]


@dataclass(frozen=True)
class SmallNumberRule:
    """What is hidden and rounded before figures about real people leave.

    Parameters
    ----------
    rule : str
        Its name.
    hidden_from, hidden_to : int
        Counts from the first to the second are not shown; none if both are 0.
    round_to : int
        Other counts are rounded to the nearest multiple of this; 1 for no rounding.
    source : str
        Where the rule comes from.
    """

    rule: str
    hidden_from: int
    hidden_to: int
    round_to: int
    source: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files("wholesystem.stays").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def reason_codes() -> dict[str, str]:
    """Return the codes and labels of the delayed transfer reasons, A to O.

    Returns
    -------
    dict of str to str
        Code to label, in the wording of 2017.

    References
    ----------
    NHS England, delayed transfers of care by local authority, workbooks 2011 to 2019.
    """
    return {row["code"]: row["label"] for row in _rows("reasons.csv")}


@cache
def small_number_rule(name: str = "hes") -> SmallNumberRule:
    """Return a rule for small numbers by name.

    Parameters
    ----------
    name : str
        ``hes``, ``below_5`` or ``none``.

    Returns
    -------
    SmallNumberRule
        From the packaged table ``small_numbers.csv``.

    Raises
    ------
    ParameterError
        If there is no such rule.
    """
    rows = {row["rule"]: row for row in _rows("small_numbers.csv")}
    if name not in rows:
        raise ParameterError(
            f"The small number rule is {name!r}. It must be one of {', '.join(rows)}. Choose one."
        )
    row = rows[name]
    return SmallNumberRule(
        row["rule"],
        int(row["hidden_from"]),
        int(row["hidden_to"]),
        int(row["round_to"]),
        row["source"],
    )
