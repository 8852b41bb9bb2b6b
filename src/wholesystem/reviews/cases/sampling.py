"""Which journeys to look at: a sample by stated strata, the same for the same seed.

A journey is all stays of one person in the table. A person belongs to the first stratum whose
rule the journey meets, in the table's order; a stratum of rule ``random`` takes from everyone whom
none above it has drawn. Draws are keyed by seed, stratum and pseudonym, so the order of rows and
the presence of other people change no one's place in the queue of a stratum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.errors import Fault, ParameterError, TableError
from wholesystem.flow.randomness import replication_key, stream_hash, stream_key, uniform_array
from wholesystem.reviews.cases.strata import Stratum, require_strata
from wholesystem.stays import Stays, as_stays, spells
from wholesystem.stays.checks import require_sound
from wholesystem.tables.cells import closest

__all__ = ["CaseSample", "SampledCase", "StratumCount", "journey_of", "sample_cases"]


@dataclass(frozen=True)
class SampledCase:
    """One journey that was drawn.

    Parameters
    ----------
    case : str
        Id: the stratum and the place in its draw, such as ``long_delay-1``.
    person : str
        Pseudonym.
    stratum : str
        Why it was drawn.
    """

    case: str
    person: str
    stratum: str


@dataclass(frozen=True)
class StratumCount:
    """What a stratum had and gave.

    Parameters
    ----------
    stratum, label, rule : str
        As in the table.
    wanted, eligible, drawn : int
        Cases asked for, journeys that could be drawn, and those that were.
    """

    stratum: str
    label: str
    rule: str
    wanted: int
    eligible: int
    drawn: int

    @property
    def note(self) -> str:
        """Whether there were too few, in words; empty where there were enough."""
        short = self.wanted - self.drawn
        return f"{short} fewer than asked for: no more were eligible." if short else ""


@dataclass(frozen=True)
class CaseSample:
    """A sample of journeys.

    Parameters
    ----------
    seed : int
        What it can be drawn again with.
    cases : tuple of SampledCase
        By stratum, then as drawn.
    counts : tuple of StratumCount
        One a stratum, in order.
    """

    seed: int
    cases: tuple[SampledCase, ...]
    counts: tuple[StratumCount, ...]


def journey_of(stays: Stays | pa.Table, person: str) -> pa.Table:
    """All stays of one person, in order.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        Where to look.
    person : str
        Pseudonym.

    Returns
    -------
    pyarrow.Table
        Ordered by stay; no rows where nobody is called so.
    """
    table = as_stays(stays).table
    return table.filter(pc.equal(table["person"], person)).sort_by("stay")


def sample_cases(stays: Stays | pa.Table, strata: Iterable[Stratum], seed: int) -> CaseSample:
    """Draw journeys by strata.

    Parameters
    ----------
    stays : Stays or pyarrow.Table
        Whose `person` holds pseudonyms; NHS numbers are refused.
    strata : iterable of Stratum
        In the order that decides where a person belongs.
    seed : int
        At least 0.

    Returns
    -------
    CaseSample
        Nobody is in it twice. Where fewer are eligible than asked for, all of them, with a note.

    Raises
    ------
    TableError
        If the strata contradict themselves or name a service that the stays do not have, or a
        stay breaks a rule.
    ParameterError
        If the seed is below 0.

    Notes
    -----
    All stays of the table count, inside the window or not; a delay that has not ended counts up
    to the window's end. Times are local clock times and their differences are plain, so a night
    on which the clocks change is an hour longer or shorter than it says.
    """
    stays, rows = as_stays(stays), require_strata(strata)
    if seed < 0:
        raise ParameterError(f"The seed is {seed}. It must be 0 or more. Choose another.")
    table = require_sound(stays.table, concurrent=stays.concurrent, where="stays")
    _check_services(table, rows)
    persons = set(table["person"].to_pylist())
    meeting = _meeting(stays, rows, persons)
    taken: set[str] = set()
    cases: list[SampledCase] = []
    counts: list[StratumCount] = []
    for one in rows:
        eligible = (persons if one.rule == "random" else meeting[one.stratum]) - taken
        drawn = _draw(eligible, one, seed)
        taken.update(drawn)
        cases += [
            SampledCase(f"{one.stratum}-{place}", person, one.stratum)
            for place, person in enumerate(drawn, start=1)
        ]
        counts.append(
            StratumCount(one.stratum, one.label, one.rule, one.cases, len(eligible), len(drawn))
        )
    return CaseSample(seed, tuple(cases), tuple(counts))


def _check_services(table: pa.Table, rows: tuple[Stratum, ...]) -> None:
    known = set(table["service"].to_pylist())
    faults = []
    for at, one in enumerate(rows, start=2):
        for name in one.services:
            if name not in known:
                near = closest(name, known)
                faults.append(
                    Fault(
                        f"strata row {at}, column services",
                        name,
                        "The stays have no such service.",
                        f"Did you mean {near}?" if near else "Name a service of the stays.",
                    )
                )
    if faults:
        raise TableError(faults)


def _draw(eligible: set[str], one: Stratum, seed: int) -> list[str]:
    """The persons with the lowest numbers of the stratum's stream."""
    names = sorted(eligible)
    key = stream_key(replication_key(seed, 0), stream_hash(f"cases:{one.stratum}"))
    numbers = uniform_array(key, np.array([stream_hash(name) for name in names], dtype=np.uint64))
    return [names[at] for at in np.argsort(numbers, kind="stable")[: one.cases]]


# ------------------------------------------------------------------- who meets which rule


def _meeting(stays: Stays, rows: tuple[Stratum, ...], persons: set[str]) -> dict[str, set[str]]:
    """Persons by the first stratum that they meet; ``random`` aside."""
    tests = {
        "long_delay": _long_delayed,
        "night_discharge": _left_at_night,
        "readmitted": _readmitted,
    }
    met = {one.stratum: tests[one.rule](stays, one) for one in rows if one.rule in tests}
    ordinary = persons.difference(*met.values())
    placed: set[str] = set()
    for one in rows:
        if one.rule == "random":
            continue
        met[one.stratum] = met.get(one.stratum, ordinary) - placed
        placed |= met[one.stratum]
    return met


def _long_delayed(stays: Stays, one: Stratum) -> set[str]:
    frame = stays.table.select(["person", "service", "ready_at", "ended_at"]).to_pandas()
    if one.services:
        frame = frame[frame["service"].isin(one.services)]
    ended = frame["ended_at"].fillna(pd.Timestamp(stays.window_end))
    long = ended - frame["ready_at"] >= pd.Timedelta(days=one.days or 0)
    return set(frame["person"][long])


def _leavings(stays: Stays, one: Stratum) -> pd.DataFrame:
    """Each person's spells in the services, with whether they left these at its end."""
    frame = spells(stays, one.services)
    # Whom the record sends on to another of these services was transferred and did not leave.
    kept = (*one.services, *one.not_to)
    frame["left"] = frame["ended_at"].notna() & ~frame["next_service"].isin(kept)
    return frame


def _left_at_night(stays: Stays, one: Stratum) -> set[str]:
    frame = _leavings(stays, one)
    hour = frame["ended_at"].dt.hour
    late, early = hour >= one.from_hour, hour < one.to_hour
    night = late & early if (one.from_hour or 0) < (one.to_hour or 0) else late | early
    return set(frame["person"][frame["left"] & night])


def _readmitted(stays: Stays, one: Stratum) -> set[str]:
    frame = _leavings(stays, one)
    # Days of the calendar, as `wholesystem.stays.readmission` counts them: day 0 is the first.
    back = frame.groupby("person")["started_at"].shift(-1).dt.normalize()
    soon = (back - frame["ended_at"].dt.normalize()).dt.days < one.days
    return set(frame["person"][frame["left"] & soon])
