"""Cases that were drawn, with their stays: as files beside each other, and read from them again.

``wholesystem cases sample`` writes them and the workspace takes them: who was drawn
(``cases.csv``), from how many (``sampling.csv``), their stays alone (``stays.csv`` and, where
delays are parted, ``stays_spells.csv``), and the seed and what else the tables do not say
(``sample.json``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.cases.records import LARGEST_SEED
from wholesystem.reviews.cases.sampling import CaseSample, sample_cases
from wholesystem.reviews.cases.strata import Stratum
from wholesystem.reviews.cells import BlankText, Id, OptionalId, Record, Text
from wholesystem.stays import Stays, as_stays, read_stays, write_stays
from wholesystem.stays.persons import is_nhs_number
from wholesystem.tables.reading import read_csv_table
from wholesystem.tables.rows import check_columns, whole

__all__ = ["SAMPLE_FILES", "DrawnCase", "DrawnCases", "draw_cases", "read_drawn", "write_drawn"]

#: Files that hold a drawn sample; what else lies beside them is for people.
SAMPLE_FILES = ("cases.csv", "sampling.csv", "stays.csv", "stays_spells.csv", "sample.json")
MOST_FAULTS = 1_000


@dataclass(frozen=True)
class DrawnCase:
    """A journey that was drawn, with its stays.

    Parameters
    ----------
    case : str
        Its id in the sample, such as ``long_delay-1``.
    person : str
        Pseudonym.
    stratum, why : str
        What it was drawn for: the stratum's id, and its label.
    stays : pyarrow.Table
        Columns of `wholesystem.stays.STAYS_SCHEMA`.
    delays : pyarrow.Table
        Columns of `wholesystem.stays.SPELLS_SCHEMA`; often without rows.
    """

    case: str
    person: str
    stratum: str
    why: str
    stays: pa.Table
    delays: pa.Table


@dataclass(frozen=True)
class DrawnCases:
    """A sample with the stays of its cases.

    Parameters
    ----------
    seed : int
        What it can be drawn again with.
    people : int
        How many journeys it was drawn from.
    concurrent : tuple of str
        Services that may run at the same time as each other.
    simulated : bool
        Whether no real person is in it.
    cases : tuple of DrawnCase
        As drawn.
    notes : tuple of str
        Where fewer were drawn than asked for.
    """

    seed: int
    people: int
    concurrent: tuple[str, ...]
    simulated: bool
    cases: tuple[DrawnCase, ...]
    notes: tuple[str, ...] = ()


def draw_cases(stays: Stays | pa.Table, strata: Iterable[Stratum], seed: int) -> DrawnCases:
    """Draw journeys by strata, with their stays.

    Parameters
    ----------
    stays, strata, seed
        As of `wholesystem.reviews.cases.sample_cases`.

    Returns
    -------
    DrawnCases
        The same for the same three.
    """
    stays = as_stays(stays)
    return _with_stays(stays, sample_cases(stays, strata, seed))


def _with_stays(stays: Stays, sample: CaseSample) -> DrawnCases:
    labels = {one.stratum: one.label for one in sample.counts}
    drawn = [
        (one.case, one.person, one.stratum, labels.get(one.stratum, "")) for one in sample.cases
    ]
    return DrawnCases(
        sample.seed,
        len(pc.unique(stays.table["person"])),
        tuple(sorted(stays.concurrent)),
        stays.simulated,
        tuple(_cases(stays, drawn)),
        tuple(f"{one.label}: {one.note}" for one in sample.counts if one.note),
    )


def _cases(stays: Stays, drawn: Iterable[tuple[str, str, str, str]]) -> Iterator[DrawnCase]:
    drawn = list(drawn)
    few = _only(stays, [person for _, person, _, _ in drawn])
    spells = few.spells
    for case, person, stratum, why in drawn:
        own = few.table.filter(pc.equal(few.table["person"], person)).sort_by("stay")
        parts = _no_spells() if spells is None else spells
        parts = parts.filter(pc.equal(parts["person"], person))
        yield DrawnCase(case, person, stratum, why, own, parts)


def _no_spells() -> pa.Table:
    from wholesystem.stays.schema import SPELLS_SCHEMA

    return SPELLS_SCHEMA.empty_table()


def _only(stays: Stays, persons: list[str]) -> Stays:
    """The stays of some people, so that a search of each does not go through those of all."""
    named = pa.array(persons, pa.string())

    def of_them(table: pa.Table) -> pa.Table:
        return table.filter(pc.is_in(table["person"], value_set=named))

    spells = None if stays.spells is None else of_them(stays.spells)
    return replace(stays, table=of_them(stays.table), spells=spells)


# ------------------------------------------------------------------------------ as files


def write_drawn(stays: Stays | pa.Table, sample: CaseSample, folder: Path) -> None:
    """Write the stays of a sample's cases and what its tables do not say.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        From which the sample was drawn.
    sample : CaseSample
        What was drawn; its own tables are written by `wholesystem.reports.case_page`.
    folder : Path
        That exists.
    """
    stays = as_stays(stays)
    few = _only(stays, [one.person for one in sample.cases])
    if few.spells is not None and not few.spells.num_rows:
        few = replace(few, spells=None)
    write_stays(few, folder / "stays.csv")
    told = {
        "seed": sample.seed,
        "people": len(pc.unique(stays.table["person"])),
        "concurrent": sorted(stays.concurrent),
        "simulated": stays.simulated,
    }
    (folder / "sample.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


class _Drawn(Record):
    """A row of the sample's ``cases.csv``."""

    case: Id
    person: Text
    stratum: OptionalId = ""
    picture: BlankText = ""


class _Counted(Record):
    """A row of the sample's ``sampling.csv``."""

    stratum: Id
    label: Text
    rule: BlankText = ""
    wanted: Annotated[int, whole(0, 10**9)] = 0
    eligible: Annotated[int, whole(0, 10**9)] = 0
    drawn: Annotated[int, whole(0, 10**9)] = 0
    note: BlankText = ""


def read_drawn(folder: Path) -> DrawnCases:
    """A sample from the files that ``wholesystem cases sample`` writes.

    Parameters
    ----------
    folder : Path
        That holds `SAMPLE_FILES`.

    Returns
    -------
    DrawnCases
        Checked as an import checks stays.

    Raises
    ------
    TableError
        With every fault of the files; an NHS number is refused and not repeated.
    """
    faults: list[Fault] = []
    told = _read_told(folder, faults)
    drawn = _read_rows(folder / "cases.csv", _Drawn, faults)
    counts = _read_rows(folder / "sampling.csv", _Counted, faults)
    stays = _read_stays(folder, told, faults)
    known = set(stays.table["person"].to_pylist()) if stays is not None else set()
    faults += _case_faults(drawn, known if stays is not None else None)
    if faults or stays is None:
        raise TableError(faults)
    labels = {one.stratum: one.label for one in counts}
    rows = [(one.case, one.person, one.stratum, labels.get(one.stratum, "")) for one in drawn]
    notes = tuple(f"{one.label}: {one.note}" for one in counts if one.note)
    return DrawnCases(
        told["seed"],
        told["people"],
        tuple(told["concurrent"]),
        told["simulated"],
        tuple(_cases(stays, rows)),
        notes,
    )


def _read_told(folder: Path, faults: list[Fault]) -> dict[str, Any]:
    """What ``sample.json`` says; a fault where it says something else."""
    remedy = "Draw the sample again with wholesystem cases sample, and bring all its files."
    try:
        told = json.loads((folder / "sample.json").read_text("utf-8"))
    except FileNotFoundError:
        faults.append(Fault("sample.json", None, "It is missing.", remedy))
        told = {}
    except (ValueError, RecursionError):
        faults.append(Fault("sample.json", None, "It is no JSON.", remedy))
        told = {}
    told = told if isinstance(told, dict) else {}
    checks: dict[str, Callable[[Any], bool]] = {
        "seed": lambda one: _is_whole(one, LARGEST_SEED),
        "people": lambda one: _is_whole(one, 10**12),
        "concurrent": lambda one: isinstance(one, list) and all(isinstance(s, str) for s in one),
        "simulated": lambda one: isinstance(one, bool),
    }
    if told:
        for name, is_right in checks.items():
            if not is_right(told.get(name)):
                rule = f"{name} is missing, or is not what it must be."
                faults.append(Fault("sample.json", None, rule, remedy))
    blank: dict[str, Any] = {"seed": 0, "people": 0, "concurrent": [], "simulated": False}
    return {**blank, **{n: told[n] for n, is_right in checks.items() if is_right(told.get(n))}}


def _is_whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _read_rows(path: Path, kind: type[Record], faults: list[Fault]) -> list[Any]:
    table, found = read_csv_table(path)
    faults += found
    if table is None:
        return []
    faults += check_columns(table, kind.columns(), kind.needed_columns())
    rows, of_rows = kind.read(table)
    faults += of_rows[:MOST_FAULTS]
    return [row for _, row in rows]


def _read_stays(folder: Path, told: dict[str, Any], faults: list[Fault]) -> Stays | None:
    spells = folder / "stays_spells.csv"
    try:
        return read_stays(
            folder / "stays.csv",
            concurrent=frozenset(told["concurrent"]),
            spells=spells if spells.is_file() else None,
            most_faults=MOST_FAULTS,
        )
    except TableError as error:
        faults += error.faults
    return None


def _case_faults(drawn: list[_Drawn], known: set[str] | None) -> Iterator[Fault]:
    seen: set[str] = set()
    if not drawn:
        yield Fault("cases.csv", None, "It has no case.", "Draw the sample again.")
    for at, one in enumerate(drawn, start=2):
        where = f"cases.csv row {at}, column person"
        if is_nhs_number(one.person):
            rule = "It is an NHS number (ten digits with a right check digit; not shown here)."
            yield Fault(where, None, rule, "Replace NHS numbers by pseudonyms.")
            continue
        if known is not None and one.person not in known:
            rule = "The stays have no such person."
            yield Fault(where, one.person, rule, "Bring the stays that the sample was drawn from.")
        if one.person in seen:
            yield Fault(where, one.person, "The person stands there twice.", "Remove one row.")
        seen.add(one.person)
