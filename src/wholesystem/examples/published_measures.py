"""What a row of published.csv may ask of a simulated year.

Every measure is one of `wholesystem.stays` or of the run itself; nothing is measured anew here.
Arguments are written ``name=value;name=value``, lists with ``|`` between their items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from wholesystem.stays import Stays
from wholesystem.stays.measures import (
    delays,
    flows,
    leaving_times,
    length_of_stay,
    readmission,
    still_at_home,
    time_in_department,
)

__all__ = ["MEASURES", "Measure", "OneYear", "window_of"]

Arguments = Mapping[str, str]

_GROUP = "group"
_PER = 100_000
_DAYS_A_YEAR = 365.0
_USUAL_DAYS = (7.0, 14.0, 21.0)


@dataclass(frozen=True)
class OneYear:
    """One replication, ready to be asked.

    Parameters
    ----------
    stays : Stays
        Its stays, with the measured window of the model.
    used : mapping of str to tuple of float
        Share of the capacity used, and capacity (people or hours a week), by service with a
        limit that does not change.
    """

    stays: Stays
    used: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    _cache: dict[tuple[str, ...], Any] = field(default_factory=dict, init=False, repr=False)

    def select(self, window: str, cohorts: tuple[str, ...]) -> Stays:
        """Stays of some cohorts over a window.

        Parameters
        ----------
        window : str
            ``year``, or two dates with a stroke between them; see `window_of`.
        cohorts : tuple of str
            All if empty.

        Returns
        -------
        Stays
            The same object for the same question, so that it is prepared once.
        """
        key = ("stays", window, *cohorts)
        found: Stays = self.once(key, lambda: _select(self.stays, window, cohorts))
        return found

    def table(self, name: str, window: str, cohorts: tuple[str, ...]) -> pd.DataFrame:
        """A whole table of delays or flows, made once for all rows that ask for it."""
        make = {"delays": delays, "flows": flows}[name]
        key = (name, window, *cohorts)
        found: pd.DataFrame = self.once(key, lambda: make(self.select(window, cohorts)))
        return found

    def once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """What was made under a key, made now if it is the first time."""
        if key not in self._cache:
            self._cache[key] = make()
        return self._cache[key]


@dataclass(frozen=True)
class Measure:
    """A measure by name.

    Parameters
    ----------
    ask : callable
        Takes the year, the window and the arguments; gives a number.
    needed, allowed : tuple of str
        Arguments that must be there, and others that may be.
    numbers : tuple of str
        Which of them are numbers.
    """

    ask: Callable[[OneYear, str, Arguments], float]
    needed: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def window_of(text: str) -> tuple[datetime, datetime] | None:
    """Read a window.

    Parameters
    ----------
    text : str
        ``year`` for the whole measured window, or ``2017-02-01/2017-05-01``: from the first
        midnight up to, not including, the second.

    Returns
    -------
    tuple of datetime or None
        None for the whole window.

    Raises
    ------
    ValueError
        If it is neither, or runs backwards.
    """
    if text == "year":
        return None
    days = [date.fromisoformat(part) for part in text.split("/")]
    if len(days) != 2 or days[0] >= days[1]:
        raise ValueError(f"{text} is not two dates in order")
    first, last = days
    midnight = datetime.min.time()
    return datetime.combine(first, midnight), datetime.combine(last, midnight)


def _select(stays: Stays, window: str, cohorts: tuple[str, ...]) -> Stays:
    if cohorts:
        mine = pc.is_in(stays.table["cohort"], value_set=_strings(cohorts))
        stays = Stays.from_table(stays.table.filter(mine))
    dates = window_of(window)
    return stays.with_window(*dates) if dates else stays


def _strings(values: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.array(list(values), pa.string())


def _list(arguments: Arguments, name: str) -> tuple[str, ...]:
    return tuple(part for part in arguments.get(name, "").split("|") if part)


def _stays(year: OneYear, window: str, arguments: Arguments) -> Stays:
    return year.select(window, _list(arguments, "cohorts"))


def _people_delayed(year: OneYear, window: str, arguments: Arguments) -> float:
    table = year.table("delays", window, _list(arguments, "cohorts"))
    wanted = table["service"].isin(_list(arguments, "services"))
    for argument, column in (("reasons", "reason"), ("responsible", "responsible")):
        if argument in arguments:
            wanted &= table[column].isin(_list(arguments, argument))
    return float(table.loc[wanted, "people_delayed"].sum())


def _entries_per_100k(year: OneYear, window: str, arguments: Arguments) -> float:
    stays = _stays(year, window, arguments)
    table = year.table("flows", window, _list(arguments, "cohorts"))
    inside = _list(arguments, "services")
    entered = table["to"].isin(inside) & ~table["from"].isin(inside)
    a_day = float(table.loc[entered, "people"].sum()) / stays.days
    years = float(arguments.get("years", "1"))
    return a_day * _DAYS_A_YEAR * years / float(arguments["population"]) * _PER


def _route_share(year: OneYear, window: str, arguments: Arguments) -> float:
    table = year.table("flows", window, _list(arguments, "cohorts"))
    left = table[table["from"] == arguments["from"]]
    there = left.loc[left["to"].isin(_list(arguments, "to")), "people"].sum()
    return float(there / left["people"].sum())


def _lengths(year: OneYear, window: str, arguments: Arguments, days: float) -> pd.Series:
    """Lengths of the spells in the services: asked once for all rows of the usual thresholds."""
    services, cohorts = _list(arguments, "services"), _list(arguments, "cohorts")
    thresholds = _USUAL_DAYS if days in _USUAL_DAYS else (days,)

    def measure() -> pd.Series:
        stays = year.select(window, cohorts)
        table = length_of_stay(
            stays, groups={_GROUP: services}, groups_only=True, over_days=thresholds
        )
        return table.set_index("service").loc[_GROUP]

    key = ("lengths", window, *services, "of", *cohorts, *map(str, thresholds))
    found: pd.Series = year.once(key, measure)
    return found


def _share_over_days(year: OneYear, window: str, arguments: Arguments) -> float:
    days = float(arguments["days"])
    return float(_lengths(year, window, arguments, days)[f"share_over_{days:g}_days"])


def _p90_days(year: OneYear, window: str, arguments: Arguments) -> float:
    return float(_lengths(year, window, arguments, _USUAL_DAYS[0])["p90_days"])


def _weekend_share(year: OneYear, window: str, arguments: Arguments) -> float:
    table = leaving_times(
        _stays(year, window, arguments),
        groups={_GROUP: _list(arguments, "services")},
        groups_only=True,
    )
    return float(table.set_index("service").loc[_GROUP, "share_at_weekend"])


def _readmitted_share(year: OneYear, window: str, arguments: Arguments) -> float:
    table = readmission(
        _stays(year, window, arguments),
        _list(arguments, "services"),
        destinations=_list(arguments, "destinations"),
        within_days=int(arguments.get("days", "30")),
    )
    return float(table.loc[0, "share"])


def _within_hours(year: OneYear, window: str, arguments: Arguments) -> float:
    table = time_in_department(
        _stays(year, window, arguments),
        _list(arguments, "services"),
        hours=float(arguments["hours"]),
    )
    return float(table.loc[0, "share_within"])


def _at_home_share(year: OneYear, window: str, arguments: Arguments) -> float:
    table = still_at_home(
        _stays(year, window, arguments),
        hospital=_list(arguments, "hospital"),
        reablement=_list(arguments, "reablement"),
        home=_list(arguments, "home"),
        day=int(arguments.get("day", "91")),
    )
    return float(table.loc[0, "share"])


def _used_share(year: OneYear, window: str, arguments: Arguments) -> float:
    return year.used[arguments["service"]][0]


def _hours_delivered(year: OneYear, window: str, arguments: Arguments) -> float:
    share, hours_a_week = year.used[arguments["service"]]
    return share * hours_a_week * float(arguments["days"]) / 7.0


_ON_STAYS = ("cohorts",)

MEASURES: Mapping[str, Measure] = {
    "at_home_share": Measure(
        _at_home_share, ("hospital", "reablement", "home"), ("day", *_ON_STAYS), ("day",)
    ),
    "entries_per_100k": Measure(
        _entries_per_100k,
        ("services", "population"),
        ("years", *_ON_STAYS),
        ("population", "years"),
    ),
    "hours_delivered": Measure(_hours_delivered, ("service", "days"), (), ("days",)),
    "p90_days": Measure(_p90_days, ("services",), _ON_STAYS),
    "people_delayed": Measure(
        _people_delayed, ("services",), ("reasons", "responsible", *_ON_STAYS)
    ),
    "readmitted_share": Measure(
        _readmitted_share, ("services", "destinations"), ("days", *_ON_STAYS), ("days",)
    ),
    "route_share": Measure(_route_share, ("from", "to"), _ON_STAYS),
    "share_over_days": Measure(_share_over_days, ("services", "days"), _ON_STAYS, ("days",)),
    "used_share": Measure(_used_share, ("service",)),
    "weekend_share": Measure(_weekend_share, ("services",), _ON_STAYS),
    "within_hours": Measure(_within_hours, ("services", "hours"), _ON_STAYS, ("hours",)),
}
