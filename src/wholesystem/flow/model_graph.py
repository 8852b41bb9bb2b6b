"""Rules of the routes: shares sum to 1, every stay ends, and everybody can leave in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wholesystem.errors import Fault
from wholesystem.tables.cells import number_text

if TYPE_CHECKING:
    from wholesystem.flow.model_unchecked import Rows

__all__ = ["check_graph", "list_cohorts", "list_ways", "reached_services"]

TOLERANCE = 1e-6

Numbered = list[tuple[int, Any]]


def check_graph(found: Rows) -> Iterator[Fault]:
    """Faults of the graph of routes.

    Parameters
    ----------
    found : Rows
        Rows that are sound by themselves.

    Yields
    ------
    Fault
        Services without a duration or a way out, shares that do not sum to 1, loops that nobody
        leaves and loops that take no time.
    """
    needed = [found.tables.get(name) for name in ("services", "durations", "routes")]
    if not all(table is not None and table.is_whole for table in needed):
        return  # what could not be read may be what seems to be missing
    ways = list_ways(found)
    reached = {cohort: _reached(found, ways, cohort) for cohort in list_cohorts(found)}
    yield from _no_duration(found, reached)
    yield from _no_route(found, ways, reached)
    yield from _sums(found, ways)
    yield from _closed_loops(found, ways)
    yield from _loops_without_time(found, ways)


def list_cohorts(found: Rows) -> list[str]:
    """Cohorts of a model.

    Parameters
    ----------
    found : Rows
        The rows.

    Returns
    -------
    list of str
        In table order; one with the empty name where there is no such table.
    """
    return [row.cohort for _, row in found.rows.get("cohorts", [])] or [""]


def list_ways(found: Rows) -> dict[tuple[str, str], Numbered]:
    """Routes that hold for each service and cohort.

    Parameters
    ----------
    found : Rows
        The rows.

    Returns
    -------
    dict of (service, cohort) to list of (int, Route)
        With row numbers. Rows that name the cohort replace the others of the same two services.
    """
    pairs: dict[tuple[str, str], Numbered] = defaultdict(list)
    for numbered in found.rows["routes"]:
        pairs[numbered[1].from_service, numbered[1].to_service].append(numbered)
    ways: dict[tuple[str, str], Numbered] = defaultdict(list)
    for cohort in list_cohorts(found):
        for (service, _), rows in pairs.items():
            named = [one for one in rows if cohort and one[1].cohort == cohort]
            ways[service, cohort] += named or [one for one in rows if not one[1].cohort]
    return ways


def _next(ways: Mapping[tuple[str, str], Numbered], service: str, cohort: str) -> set[str]:
    return {row.to_service for _, row in ways.get((service, cohort), []) if row.share > 0}


def _reached(found: Rows, ways: Mapping[tuple[str, str], Numbered], cohort: str) -> set[str]:
    """Services that somebody of a cohort can come to."""
    waiting = [
        row.service
        for _, row in found.rows.get("arrivals", [])
        if row.cohort in (cohort, "") and row.per_day > 0
    ]
    waiting += [
        name
        for _, row in found.rows.get("start", [])
        if row.cohort in (cohort, "")
        for name in (row.service, row.waiting_for)
        if name
    ]
    reached: set[str] = set()
    while waiting:
        service = waiting.pop()
        if service not in reached:
            reached.add(service)
            waiting += _next(ways, service, cohort)
    return reached


def reached_services(found: Rows) -> set[str]:
    """Services that somebody can come to.

    Parameters
    ----------
    found : Rows
        The rows.

    Returns
    -------
    set of str
        From arrivals above 0, people present at the start, and routes from those.
    """
    ways = list_ways(found)
    return set().union(*(_reached(found, ways, cohort) for cohort in list_cohorts(found)))


def _raw(found: Rows, table: str, column: str) -> set[str]:
    """Names in a column, those of rows with a fault too."""
    return {row.cells.get(column, "") for row in found.tables[table].rows}


def _stays(found: Rows) -> Numbered:
    return [one for one in found.rows.get("services", []) if one[1].stage != "left"]


def _lacking(cohorts: list[str]) -> str:
    return "" if cohorts == [""] else f" for {', '.join(cohorts)}"


def _no_duration(found: Rows, reached: Mapping[str, set[str]]) -> Iterator[Fault]:
    given = {
        (row.cells.get("service", ""), row.cells.get("cohort", ""))
        for row in found.tables["durations"].rows
    }
    for number, service in _stays(found):
        name = service.service
        has_some = name in {one for one, _ in given}
        lacking = [
            cohort
            for cohort in list_cohorts(found)
            if (name, cohort) not in given
            and (name, "") not in given
            and (name in reached[cohort] or not has_some)
        ]
        if lacking:
            yield Fault(
                found.tables["services"].where(number, "service"),
                name,
                f"durations.csv does not say how long people stay there{_lacking(lacking)}.",
                f"Add a row to durations.csv: {name},,exponential(mean=5),assumed: why",
            )


def _no_route(
    found: Rows, ways: Mapping[tuple[str, str], Numbered], reached: Mapping[str, set[str]]
) -> Iterator[Fault]:
    given = _raw(found, "routes", "from")
    for number, service in _stays(found):
        name = service.service
        lacking = [
            cohort
            for cohort in list_cohorts(found)
            if not ways.get((name, cohort)) and (name in reached[cohort] or name not in given)
        ]
        if lacking and not _has_faulty_route(found, name):
            yield Fault(
                found.tables["services"].where(number, "service"),
                name,
                f"Nobody can ever leave it: routes.csv has no route from it{_lacking(lacking)}.",
                f"Add routes from {name} whose shares sum to 1, or give it the stage left.",
            )


def _has_faulty_route(found: Rows, service: str) -> bool:
    """Whether a route from a service has a fault of its own, so that nothing can be summed."""
    raw = [r for r in found.tables["routes"].rows if r.cells.get("from") == service]
    read = [one for one in found.rows["routes"] if one[1].from_service == service]
    return len(raw) != len(read)


def _sums(found: Rows, ways: Mapping[tuple[str, str], Numbered]) -> Iterator[Fault]:
    for service in dict.fromkeys(name for name, _ in ways):
        if _has_faulty_route(found, service):
            continue
        wrong: dict[tuple[tuple[int, ...], float], list[str]] = defaultdict(list)
        for cohort in list_cohorts(found):
            rows = ways.get((service, cohort), [])
            total = round(sum(row.share for _, row in rows), 9)
            if rows and abs(total - 1) > TOLERANCE:
                wrong[tuple(number for number, _ in rows), total].append(cohort)
        for (numbers, total), cohorts in wrong.items():
            listed = ", ".join(map(str, numbers[:20]))
            table = found.tables["routes"].shown_as
            of = _lacking(cohorts if cohorts != list_cohorts(found) else [""])
            yield Fault(
                f"{table} {'rows' if len(numbers) > 1 else 'row'} {listed}",
                None,
                f"The shares leaving {service}{of} sum to {number_text(total)};"
                " they must sum to 1.",
                "Lower them."
                if total > 1
                else f"Raise them, or add a route with {number_text(round(1 - total, 9))}.",
            )


def _closed_loops(found: Rows, ways: Mapping[tuple[str, str], Numbered]) -> Iterator[Fault]:
    """Sets of services from which no route leads out of the model."""
    services = {row.service: row for _, row in found.rows.get("services", [])}
    told: set[frozenset[str]] = set()
    for cohort in list_cohorts(found):
        stuck = _stuck(services, ways, cohort)
        for group in _closed_groups(stuck, ways, cohort):
            if group in told or any(_has_faulty_route(found, name) for name in group):
                continue
            told.add(group)
            names = ", ".join(sorted(group))
            first = min(number for name in group for number, _ in ways[name, cohort])
            yield Fault(
                found.tables["routes"].where(first),
                None,
                f"Nobody who is in {names} can ever leave the model"
                f"{f' as {cohort}' if cohort else ''}: no route leads from there to a service of"
                " stage left.",
                "Add a route to a service of stage left.",
            )


def _stuck(
    services: Mapping[str, Any], ways: Mapping[tuple[str, str], Numbered], cohort: str
) -> set[str]:
    """Services with routes of their own from which no outcome can be reached."""
    into: dict[str, set[str]] = defaultdict(set)
    for service in services:
        for follower in _next(ways, service, cohort):
            into[follower].add(service)
    # Unknown services and those without routes are told elsewhere: count them as ways out.
    waiting = [
        name
        for name in {*services, *into}
        if name not in services or services[name].stage == "left" or not _next(ways, name, cohort)
    ]
    free: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in free:
            free.add(name)
            waiting += into[name]
    return set(services) - free


def _closed_groups(
    stuck: set[str], ways: Mapping[tuple[str, str], Numbered], cohort: str
) -> list[frozenset[str]]:
    """The smallest sets of stuck services that nobody leaves."""
    after = {name: _all_after(name, ways, cohort) for name in stuck}
    groups = {
        frozenset(after[name])
        for name in stuck
        if all(name in after.get(other, ()) for other in after[name])
    }
    return sorted(groups, key=sorted)


def _all_after(name: str, ways: Mapping[tuple[str, str], Numbered], cohort: str) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        for follower in _next(ways, here, cohort) - seen:
            seen.add(follower)
            waiting.append(follower)
    return seen


def _loops_without_time(found: Rows, ways: Mapping[tuple[str, str], Numbered]) -> Iterator[Fault]:
    """Loops in which every stay and arranging time is 0: they would go round for ever at once."""
    for cohort in list_cohorts(found):
        instant = {
            row.service
            for _, row in found.rows["durations"]
            if row.cohort in (cohort, "") and _takes_no_time(found, row.days)
        }
        at_once = {
            (service, cohort): [
                (number, row)
                for number, row in ways.get((service, cohort), [])
                if row.to_service in instant and _takes_no_time(found, row.arranging_days)
            ]
            for service in instant
        }
        for service in sorted(instant):
            if service in _all_after(service, at_once, cohort):
                number = min(number for number, _ in at_once[service, cohort])
                yield Fault(
                    found.tables["routes"].where(number),
                    None,
                    f"People could go round from {service} back to it in no time at all.",
                    "Give a stay or an arranging time of the loop some length.",
                )
                return


def _takes_no_time(found: Rows, item: Any) -> bool:
    if item is None:
        return True
    if item.family == "empirical":
        return not any(found.empirical.get(item.name, ()))
    return bool(item.family == "fixed" and item.a == 0)
