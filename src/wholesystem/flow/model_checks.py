"""Rules that hold between rows and tables: known names, no duplicates, dates in order, sums.

Each rule is one function that yields faults. Rules of the graph of routes (shares, loops, who can
leave) are in `model_graph`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault
from wholesystem.flow.model_graph import check_graph
from wholesystem.flow.model_size import check_size
from wholesystem.tables.cells import closest, number_text

if TYPE_CHECKING:
    from wholesystem.flow.model_unchecked import Rows

__all__ = ["check_rows", "highest_places"]


def check_rows(found: Rows) -> list[Fault]:
    """Faults between rows and tables.

    Parameters
    ----------
    found : Rows
        Rows that are sound by themselves.

    Returns
    -------
    list of Fault
        In no particular order.
    """
    return [fault for rule in _RULES for fault in rule(found)]


def _where(found: Rows, table: str, number: int, column: str = "") -> str:
    return found.tables[table].where(number, column)


def _listed(found: Rows, table: str, column: str) -> set[str]:
    """Names in a column, those of faulty rows too: one fault must not cause ten others."""
    rows = found.tables[table].rows if table in found.tables else ()
    return {row.cells.get(column, "") for row in rows} - {""}


def _lists_all(found: Rows, table: str, column: str) -> bool:
    """Whether a table could be read so far that a name which is not in it is not there."""
    read = found.tables.get(table)
    return read is None or (read.is_whole and column in read.columns)


# --------------------------------------------------------------------------- known names

_SERVICE_COLUMNS = (
    ("arrivals", "service", "service"),
    ("capacity", "service", "service"),
    ("durations", "service", "service"),
    ("needs", "service", "service"),
    ("routes", "from", "from_service"),
    ("routes", "to", "to_service"),
    ("costs", "service", "service"),
    ("start", "service", "service"),
    ("start", "waiting_for", "waiting_for"),
)


def _unknown_services(found: Rows) -> Iterator[Fault]:
    known = _listed(found, "services", "service")
    if "services" in found.tables and _lists_all(found, "services", "service"):
        for table, column, attribute in _SERVICE_COLUMNS:
            yield from _unknown(found, table, column, attribute, known, "services", "service")


def _unknown_cohorts(found: Rows) -> Iterator[Fault]:
    known = _listed(found, "cohorts", "cohort")
    if not _lists_all(found, "cohorts", "cohort"):
        return
    for table in ("arrivals", "durations", "needs", "routes", "start"):
        yield from _unknown(found, table, "cohort", "cohort", known, "cohorts", "cohort")


def _unknown_profiles(found: Rows) -> Iterator[Fault]:
    known = _listed(found, "profiles", "profile")
    if not _lists_all(found, "profiles", "profile"):
        return
    yield from _unknown(found, "arrivals", "profile", "profile", known, "profiles", "profile")


def _unknown(
    found: Rows, table: str, column: str, attribute: str, known: set[str], home: str, called: str
) -> Iterator[Fault]:
    for number, row in found.rows.get(table, []):
        name = getattr(row, attribute)
        if name and name not in known:
            near = closest(name, known)
            yield Fault(
                _where(found, table, number, column),
                name,
                f"There is no {called} of that name in {home}.csv.",
                f"Did you mean {near}?" if near else f"Correct it, or add it to {home}.csv.",
            )


def _unknown_empirical(found: Rows) -> Iterator[Fault]:
    for table, column in _DISTRIBUTION_COLUMNS:
        for number, row in found.rows.get(table, []):
            item = getattr(row, column)
            if item is None or item.family != "empirical":
                continue
            known = found.tables.get(f"empirical_{item.name}")
            unit = "hours_per_week" if table == "needs" else "days"
            where = _where(found, table, number, column)
            if known is None:
                near = closest(item.name, found.empirical)
                yield Fault(
                    where,
                    getattr(row, f"{column}_text") or str(item),
                    f"There is no table empirical_{item.name}.csv.",
                    f"Did you mean empirical({near})?"
                    if near
                    else f"Add that table, with a column {unit}.",
                )
            elif unit not in known.columns and "days" not in known.columns:
                yield Fault(
                    where,
                    str(item),
                    f"The values of empirical_{item.name}.csv are hours a week, not days.",
                    "Name a table with a column days.",
                )


_DISTRIBUTION_COLUMNS = (
    ("durations", "days"),
    ("needs", "hours_per_week"),
    ("routes", "arranging_days"),
)


# --------------------------------------------------------------------------- duplicates

_KEYS = {
    "services": ("service",),
    "cohorts": ("cohort",),
    "durations": ("service", "cohort"),
    "needs": ("service", "cohort"),
    "profiles": ("profile", "month", "weekday", "hour"),
    "routes": ("from_service", "to_service", "cohort", "reason", "responsible"),
    "costs": ("service", "state", "payer", "price_year"),
    "start": ("service", "waiting_for", "cohort"),
}


def _duplicates(found: Rows) -> Iterator[Fault]:
    for table, columns in _KEYS.items():
        first: dict[tuple[Any, ...], int] = {}
        for number, row in found.rows.get(table, []):
            key = tuple(getattr(row, column) for column in columns)
            if key in first:
                names = [column.removesuffix("_service") for column in columns]
                yield Fault(
                    _where(found, table, number),
                    None,
                    f"It has the same {', '.join(names)} as row {first[key]}.",
                    "Remove one of the two rows.",
                )
            first.setdefault(key, number)


# --------------------------------------------------------------------------- single tables


def _dates(found: Rows) -> Iterator[Fault]:
    for table in ("arrivals", "capacity"):
        for number, row in found.rows.get(table, []):
            if row.from_date and row.to_date and row.to_date < row.from_date:
                yield Fault(
                    _where(found, table, number, "to"),
                    row.to_date.isoformat(),
                    f"It is before from ({row.from_date.isoformat()}).",
                    "Exchange the two dates, or correct one.",
                )


def _whole_places(found: Rows) -> Iterator[Fault]:
    people = {s.service for _, s in found.rows.get("services", []) if s.unit == "person"}
    for table in ("services", "capacity"):
        for number, row in found.rows.get(table, []):
            places = row.places
            if row.service in people and places is not None and places != int(places):
                yield Fault(
                    _where(found, table, number, "places"),
                    number_text(places),
                    "Places for people are whole numbers.",
                    f"Write {int(places)}, or set the unit hours_per_week.",
                )


def _profile_weights(found: Rows) -> Iterator[Fault]:
    hours: dict[str, set[tuple[int, int, int]]] = {}
    first: dict[str, int] = {}
    every = {(m, w, h) for m in range(1, 13) for w in range(1, 8) for h in range(24)}
    for number, row in found.rows.get("profiles", []):
        first.setdefault(row.profile, number)
        left = hours.setdefault(row.profile, set(every))
        if row.weight == 0:
            wanted = (row.month, row.weekday, row.hour)
            left -= {
                one for one in left if all(w in (None, o) for w, o in zip(wanted, one, strict=True))
            }
    for name, left in hours.items():
        if not left:
            yield Fault(
                _where(found, "profiles", first[name]),
                None,
                f"The weights of profile {name} are 0 at every hour.",
                "Give some hour, weekday or month a weight above 0.",
            )


# --------------------------------------------------------------------------- services


def _outcomes(found: Rows) -> Iterator[Fault]:
    left = {s.service for _, s in found.rows.get("services", []) if s.stage == "left"}
    for number, row in found.rows.get("services", []):
        if row.stage == "left" and row.places is not None:
            yield Fault(
                _where(found, "services", number, "places"),
                number_text(row.places),
                "A service of stage left is an outcome and has no limit.",
                "Clear the cell.",
            )
    for table, column, attribute in _SERVICE_COLUMNS:
        if (table, column) in (("routes", "to"), ("costs", "service"), ("durations", "service")):
            continue
        for number, row in found.rows.get(table, []):
            if getattr(row, attribute) in left:
                yield Fault(
                    _where(found, table, number, column),
                    getattr(row, attribute),
                    "It has stage left: it is an outcome, which nobody arrives at from outside,"
                    " stays in or leaves."
                    if table != "routes"
                    else "It has stage left, which nobody ever leaves.",
                    "Remove the row, or give the service another stage in services.csv.",
                )


def _needs(found: Rows) -> Iterator[Fault]:
    units = {s.service: s.unit for _, s in found.rows.get("services", [])}
    for number, row in found.rows.get("needs", []):
        if units.get(row.service) == "person":
            yield Fault(
                _where(found, "needs", number, "service"),
                row.service,
                "Its unit is person, so each person uses one place.",
                "Remove the row, or set the unit hours_per_week in services.csv.",
            )
    given = {
        (row.cells.get("service", ""), row.cells.get("cohort", ""))
        for row in (found.tables["needs"].rows if "needs" in found.tables else ())
    }
    if not _lists_all(found, "needs", "service"):
        return
    cohorts = _listed(found, "cohorts", "cohort") or {""}
    for number, service in found.rows.get("services", []):
        if service.unit != "hours_per_week" or service.stage == "left":
            continue
        if (service.service, "") in given:
            continue
        lacking = sorted(c for c in cohorts if (service.service, c) not in given)
        if lacking:
            of = f" of {', '.join(lacking)}" if lacking != [""] else ""
            yield Fault(
                _where(found, "services", number, "unit"),
                service.unit,
                f"needs.csv does not say how many hours a week a person{of} uses.",
                f"Add a row to needs.csv: {service.service},,fixed(10),assumed: why",
            )


def highest_places(found: Rows) -> dict[str, float]:
    """Most places that each limited service ever has.

    Parameters
    ----------
    found : Rows
        The rows.

    Returns
    -------
    dict of str to float
        In people or hours a week. Services that can be without a limit are not in it.
    """
    highest = {
        s.service: s.places for _, s in found.rows.get("services", []) if s.places is not None
    }
    for _, row in found.rows.get("capacity", []):
        if row.service in highest:
            highest[row.service] = max(highest[row.service], row.places)
    return highest


def _needs_that_never_fit(found: Rows) -> Iterator[Fault]:
    highest = highest_places(found)
    for number, row in found.rows.get("needs", []):
        item = row.hours_per_week
        if item.family == "empirical" and not found.empirical.get(item.name):
            continue
        lowest = item.lowest(found.empirical.get(item.name))
        if lowest > highest.get(row.service, lowest):
            yield Fault(
                _where(found, "needs", number, "hours_per_week"),
                row.hours_per_week_text or str(item),
                f"Everyone needs at least {number_text(lowest)} hours and {row.service} never has"
                f" more than {number_text(highest[row.service])}, so nobody could ever start.",
                "Lower the need, or raise places in services.csv or capacity.csv.",
            )


# --------------------------------------------------------------------------- people


def _blank_cohorts(found: Rows) -> Iterator[Fault]:
    cohorts = _listed(found, "cohorts", "cohort")
    if len(cohorts) < 2:
        return
    for table in ("arrivals", "start"):
        for number, row in found.rows.get(table, []):
            if not row.cohort:
                yield Fault(
                    _where(found, table, number, "cohort"),
                    "",
                    "With two or more cohorts, people must be said to be of one of them.",
                    f"Write one of {', '.join(sorted(cohorts))}.",
                )


def _start(found: Rows) -> Iterator[Fault]:
    in_place = {
        s.service: s.transfers_wait == "in_place" for _, s in found.rows.get("services", [])
    }
    routes = {
        (row.from_service, row.to_service, row.cohort)
        for _, row in found.rows.get("routes", [])
        if row.share > 0
    }
    for number, row in found.rows.get("start", []):
        if not row.service and not row.waiting_for:
            yield Fault(
                _where(found, "start", number),
                None,
                "Both service and waiting_for are blank, so nobody knows where these people are.",
                "Fill service, or waiting_for, or both.",
            )
        if not row.service or not row.waiting_for or row.service not in in_place:
            continue
        if not in_place.get(row.waiting_for, True):
            yield Fault(
                _where(found, "start", number, "waiting_for"),
                row.waiting_for,
                f"Its transfers_wait is outside, so nobody keeps a place in {row.service} for it.",
                "Leave service blank in this row.",
            )
        ways = [(row.service, row.waiting_for, c) for c in {row.cohort, ""}]
        if "routes" in found.tables and not any(way in routes for way in ways):
            yield Fault(
                _where(found, "start", number, "waiting_for"),
                row.waiting_for,
                f"routes.csv has no route from {row.service} to it for these people.",
                "Add the route, or correct the row.",
            )


_RULES: tuple[Callable[[Rows], Iterator[Fault]], ...] = (
    _unknown_services,
    _unknown_cohorts,
    _unknown_profiles,
    _unknown_empirical,
    _duplicates,
    _dates,
    _whole_places,
    _profile_weights,
    _outcomes,
    _needs,
    _needs_that_never_fit,
    _blank_cohorts,
    _start,
    check_graph,
    check_size,
)
