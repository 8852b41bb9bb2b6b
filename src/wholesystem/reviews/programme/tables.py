"""A programme's tables: its areas and themes, packaged or a user's own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from wholesystem.errors import Fault, OurFault, TableError
from wholesystem.reviews.frameworks import packaged_frameworks, read_framework
from wholesystem.reviews.programme.records import (
    PROGRAMME_TABLES,
    ProgrammeArea,
    ProgrammeInfo,
    Theme,
    ThemeRule,
)
from wholesystem.reviews.rules_table import Rules, packaged_rules
from wholesystem.reviews.set_rows import SetRows, read_set_rows
from wholesystem.reviews.table_sets import TableSet
from wholesystem.tables import Tables
from wholesystem.tables.cells import closest
from wholesystem.tables.rows import Row

__all__ = [
    "Programme",
    "packaged_programme_rules",
    "packaged_programmes",
    "read_programme",
    "write_programme",
]

_SET = TableSet(
    "programme",
    "a",
    PROGRAMME_TABLES,
    Path(str(files("wholesystem.reviews.programme").joinpath("programmes"))),
)


@dataclass(frozen=True)
class Programme:
    """What belongs to a programme, and what its themes are.

    Parameters
    ----------
    info : ProgrammeInfo
        What it is.
    areas : tuple of ProgrammeArea
        Every area of it, reviewed yet or not.
    themes : tuple of Theme
        In their order.
    rules : tuple of ThemeRule
        What puts a finding under a theme.
    """

    info: ProgrammeInfo
    areas: tuple[ProgrammeArea, ...]
    themes: tuple[Theme, ...] = ()
    rules: tuple[ThemeRule, ...] = ()

    @cached_property
    def theme_by_id(self) -> dict[str, Theme]:
        """Themes by their id."""
        return {one.theme: one for one in self.themes}


def packaged_programmes() -> tuple[str, ...]:
    """Ids of the programmes that come with the program.

    Returns
    -------
    tuple of str
        In the order of the alphabet.
    """
    return _SET.packaged


@cache
def packaged_programme_rules() -> Rules:
    """The thresholds that counts of a programme keep to.

    Returns
    -------
    Rules
        ``programme/rules.csv``; a user's own through `read_rules`.
    """
    return packaged_rules("programme/rules.csv")


def read_programme(name_or_path: str | os.PathLike[str]) -> Programme:
    """A programme: a packaged one by its id, or a user's tables.

    Parameters
    ----------
    name_or_path : str or path
        Id of a packaged programme; or a folder of ``programme.csv``, ``areas.csv`` and, if wanted,
        ``themes.csv`` and ``theme_rules.csv``; or an .xlsx workbook whose sheets bear those names.
        A packaged id comes before a folder of the same name: write ``./name`` for the folder.

    Returns
    -------
    Programme
        Checked.

    Raises
    ------
    TableError
        With every fault of every table.
    """
    name = os.fspath(name_or_path)
    if isinstance(name_or_path, str) and name in packaged_programmes():
        return _packaged(name)
    return _checked(_SET.read(Path(name)))


@cache
def _packaged(name: str) -> Programme:
    try:
        return _checked(_SET.read_packaged(name))
    except TableError as error:
        raise OurFault(f"The packaged programme {name} has faults. {error}") from None


def _checked(tables: Tables) -> Programme:
    found = read_set_rows(_SET, tables, ("programme", "areas"), ("programme",))
    faults = [*found.faults, *_between(found)]
    if faults:
        raise TableError(faults)
    rows = found.rows
    return Programme(
        rows["programme"][0],
        tuple(rows["areas"]),
        tuple(sorted(rows["themes"], key=lambda one: one.order)),
        tuple(rows["theme_rules"]),
    )


def _between(found: SetRows) -> Iterator[Fault]:
    for name, key in (("areas", "area_code"), ("themes", "theme"), ("theme_rules", "rule")):
        seen: set[str] = set()
        for at, row in enumerate(found.rows[name]):
            value = getattr(row, key)
            if value in seen:
                rule = "It stands in an earlier row too. Each must be there once."
                yield Fault(found.where(name, at, key), value, rule, "Remove one of the rows.")
            seen.add(value)
    if not found.rows["areas"] and "areas" not in found.unsure:
        yield Fault(found.where("areas"), None, "A programme needs an area.", "Add a row.")
    yield from _codes(found)
    yield from _rules(found)


def _codes(found: SetRows) -> Iterator[Fault]:
    from wholesystem.indicators.areas import every_area

    known = every_area()
    for at, row in enumerate(found.rows["areas"]):
        if row.area_code not in known:
            near = closest(row.area_code, known)
            remedy = f"Did you mean {near}?" if near else "Write a code such as E10000025."
            where = found.where("areas", at, "area_code")
            yield Fault(where, row.area_code, "No area has this code.", remedy)


def _rules(found: SetRows) -> Iterator[Fault]:
    known = [one.theme for one in found.rows["themes"]]
    for at, row in enumerate(found.rows["theme_rules"]):
        if row.theme not in known and "themes" not in found.unsure:
            near = closest(row.theme, known)
            remedy = f"Did you mean {near}?" if near else "Add the theme, or correct the cell."
            where = found.where("theme_rules", at, "theme")
            yield Fault(where, row.theme, "There is no such theme.", remedy)
        yield from _questions(found, at, row)
        wrong = _wrong(row)
        if wrong:
            yield Fault(found.where("theme_rules", at), None, *wrong)


def _questions(found: SetRows, at: int, row: ThemeRule) -> Iterator[Fault]:
    """Questions that a packaged framework does not have: such a rule would never match."""
    if row.framework not in packaged_frameworks():
        return  # a user's own is known only with the reviews; rules that match nothing are told
    known = read_framework(row.framework).question_by_id
    for kloe in row.kloe:
        if kloe not in known:
            near = closest(kloe, known)
            remedy = f"Did you mean {near}?" if near else "Correct the cell."
            rule = f"The framework {row.framework} has no such question."
            yield Fault(found.where("theme_rules", at, "kloe"), kloe, rule, remedy)


def _wrong(row: ThemeRule) -> tuple[str, str] | None:
    by_kind = bool(row.kloe or row.word_list or row.framework)
    if bool(row.review) != bool(row.finding):
        return "A finding is named by its review and its id together.", "Fill both cells, or none."
    if row.names_finding and by_kind:
        return (
            "A rule is about one finding, or about questions and words; this one is about both.",
            "Write two rows.",
        )
    if not row.names_finding and not (row.kloe or row.word_list):
        return "A rule names a finding, a question or a word.", "Fill one of these cells."
    return None


def write_programme(programme: Programme, out: str | os.PathLike[str]) -> None:
    """Write a programme as tables that `read_programme` reads again.

    Parameters
    ----------
    programme : Programme
        Areas and themes.
    out : path
        A folder, made if it does not exist; or a workbook, where the name ends in ``.xlsx``.
        Tables of the same names are replaced, all or none.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    rows: Mapping[str, tuple[Row, ...]] = {
        "programme": (programme.info,),
        "areas": programme.areas,
        "themes": programme.themes,
        "theme_rules": programme.rules,
    }
    _SET.write(rows, out)
