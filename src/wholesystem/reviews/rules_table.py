"""The rules that warn, as a table: thresholds are changed there, not in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.tables.cells import closest
from wholesystem.tables.raw import RawRow, Table
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import Id, Row, Text, check_columns, choice, number

__all__ = ["Rule", "Rules", "packaged_rules", "read_rules"]


class Rule(Row):
    """One rule; a row of ``rules.csv``.

    `threshold` is in `unit`; what it does is in the documentation of triangulation. A rule that
    is not `on` warns of nothing; its threshold still counts in the state of a question.
    """

    rule: Id
    label: Text
    threshold: Annotated[float, number(0, 1e6)]
    unit: Text
    on: Annotated[str, choice("yes", "no")]
    why: Text


@dataclass(frozen=True)
class Rules:
    """All rules, each once.

    Parameters
    ----------
    rows : tuple of Rule
        In the order in which they warn, the gravest first.
    """

    rows: tuple[Rule, ...]

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """Rules by their id."""
        return {one.rule: one for one in self.rows}

    def threshold(self, rule: str) -> float:
        """Threshold of a rule.

        Parameters
        ----------
        rule : str
            Its id.

        Returns
        -------
        float
            In the rule's unit.
        """
        return self.by_id[rule].threshold

    def is_on(self, rule: str) -> bool:
        """Whether a rule warns.

        Parameters
        ----------
        rule : str
            Its id.

        Returns
        -------
        bool
            As the table says.
        """
        return self.by_id[rule].on == "yes"


@cache
def packaged_rules(name: str = "rules.csv") -> Rules:
    """The rules that come with the program.

    Parameters
    ----------
    name : str
        Of the table, in this package: those that warn of a review if not given.

    Returns
    -------
    Rules
        Checked.
    """
    path = Path(str(files("wholesystem.reviews").joinpath(name)))
    rows, faults = _read(path, None)
    if faults:
        raise OurFault(f"The packaged table of rules {name} has faults. {TableError(faults)}")
    return Rules(rows)


def read_rules(path: Path, packaged: Rules | None = None) -> Rules:
    """The packaged rules with a user's own thresholds.

    Parameters
    ----------
    path : Path
        A CSV file with the columns ``rule`` and ``threshold``, and if wanted others of
        ``rules.csv``; what it leaves out, rules or columns, stays as packaged.
    packaged : Rules, optional
        Those that are changed: the rules that warn of a review if not given.

    Returns
    -------
    Rules
        In the packaged order.

    Raises
    ------
    TableError
        If a cell breaks a rule, a rule is not known or stands twice; all faults together.
    """
    if not path.is_file():
        raise TableError([Fault(str(path), None, "There is no such file.", "Check the name.")])
    before = packaged or packaged_rules()
    rows, faults = _read(path, before.by_id)
    if faults:
        raise TableError(faults)
    given = {one.rule: one for one in rows}
    return Rules(tuple(given.get(one.rule, one) for one in before.rows))


def _read(path: Path, known: Mapping[str, Rule] | None) -> tuple[tuple[Rule, ...], list[Fault]]:
    table, faults = read_csv_table(path)
    if table is None:
        return (), faults
    needed = Rule.columns() if known is None else ("rule", "threshold")
    faults = [*faults, *check_columns(table, Rule.columns(), needed)]
    rows, found = Rule.read(table if known is None else _filled(table, known))
    faults += found
    faults += _ids_faults(rows, table.shown_as, known)
    return tuple(row for _, row in rows), faults


def _filled(table: Table, known: Mapping[str, Rule]) -> Table:
    """The table with the columns that it leaves out, as packaged."""
    left_out = set(Rule.columns()) - {"rule", "threshold", *table.columns}
    rows = []
    for row in table.rows:
        # Of a rule that is not known any cells do: it is told by its name.
        packaged = known.get(row.cells.get("rule", "").strip(), next(iter(known.values())))
        told = {name: text for name, text in packaged.cells().items() if name in left_out}
        rows.append(RawRow(row.number, told | dict(row.cells)))
    return replace(table, rows=tuple(rows))


def _ids_faults(
    rows: list[tuple[int, Rule]], shown_as: str, known: Mapping[str, Rule] | None
) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, row in rows:
        where = f"{shown_as} row {at}, column rule"
        if row.rule in seen:
            yield Fault(where, row.rule, "It stands in an earlier row too.", "Remove one.")
        if known is not None and row.rule not in known:
            near = closest(row.rule, known)
            remedy = f"Did you mean {near}?" if near else f"The rules are {', '.join(known)}."
            yield Fault(where, row.rule, "There is no such rule.", remedy)
        seen.add(row.rule)
