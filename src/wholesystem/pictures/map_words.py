"""What the system map says in words: the tables beneath the picture, and its headline."""

from __future__ import annotations

from wholesystem.pictures.map_data import OUTSIDE, STAGE_LABELS, MapService, SystemMap
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import (
    NOT_KNOWN,
    clean_text,
    format_days,
    format_people,
    format_per_day,
    is_known,
    people_words,
)

OUTSIDE_LABEL = "Outside the map"


def places_words(service: MapService) -> str:
    """People in places against places, in words: ``512 of 540 places``.

    Parameters
    ----------
    service : MapService
        Any service that people stay in (not an outcome).

    Returns
    -------
    str
        The words.
    """
    if not is_known(service.occupied):
        return f"people {NOT_KNOWN}"
    count = format_people(service.occupied)
    people = people_words(count)
    if service.places is None:
        return people
    if service.unit == "hours_per_week":
        share = "share not known" if service.share is None else f"{service.share:.0%}"
        return f"{people}, {share} of {format_people(service.places)} hours a week"
    if not is_known(service.places):
        return f"{people}, places {NOT_KNOWN}"
    return f"{count} of {format_people(service.places)} places"


def map_tables(system_map: SystemMap) -> tuple[PictureTable, PictureTable]:
    """The figures of the map as two tables of text: services, then flows.

    Numbers are written exactly as in the picture. Every flow is listed, those too small to draw
    included, in the order given.

    Parameters
    ----------
    system_map : SystemMap
        The map.

    Returns
    -------
    tuple of PictureTable
        The services table and the flows table.
    """
    return _services_table(system_map), _flows_table(system_map)


def _services_table(system_map: SystemMap) -> PictureTable:
    rows = []
    for service in system_map.services:
        share = service.share
        outcome = service.stage == "left"
        rows.append(
            (
                service.name,
                STAGE_LABELS[service.stage],
                "" if outcome else format_people(service.occupied),
                _places_cell(service),
                "" if share is None else f"{share:.0%}",
                "" if outcome else format_people(service.delayed),
                "" if outcome else format_people(service.waiting_outside),
                "" if outcome else format_per_day(service.turned_away_per_day),
                format_per_day(_entering(system_map, service, home_only=False)),
                format_per_day(_entering(system_map, service, home_only=True))
                if service.stage == "usual_place"
                else "",
            )
        )
    return PictureTable(
        title="Services",
        columns=(
            "Service",
            "Stage",
            "People in places",
            "Places",
            "Share used",
            "Of them ready but delayed",
            "Waiting outside",
            "Turned away a day",
            "Entering a day",
            "Of them coming home",
        ),
        rows=tuple(rows),
        numeric=(False, False, *[True] * 8),
    )


def _entering(system_map: SystemMap, service: MapService, *, home_only: bool) -> float:
    """People a day entering a service; `home_only` leaves out those who were at home before."""
    stages = {s.service: s.stage for s in system_map.services}
    total = 0.0
    for flow in system_map.flows:
        at_home = stages.get(flow.from_service, "usual_place") == "usual_place"
        if flow.to_service == service.service and not (home_only and at_home):
            total += flow.people_per_day if is_known(flow.people_per_day) else 0.0
    return total


def _places_cell(service: MapService) -> str:
    if service.stage == "left":
        return ""
    if service.places is None:
        return "no limit"
    words = format_people(service.places)
    return f"{words} hours a week" if service.unit == "hours_per_week" else words


def _flows_table(system_map: SystemMap) -> PictureTable:
    names = {s.service: s.name for s in system_map.services} | {OUTSIDE: OUTSIDE_LABEL}
    rows = tuple(
        (
            names[flow.from_service],
            names[flow.to_service],
            format_per_day(flow.people_per_day),
            format_days(flow.mean_wait_days),
            format_people(flow.people_delayed),
        )
        for flow in system_map.flows
    )
    return PictureTable(
        title="Flows",
        columns=("From", "To", "People a day", "Mean days waited", "People delayed"),
        rows=rows,
        numeric=(False, False, True, True, True),
    )


def total_delayed(system_map: SystemMap) -> float:
    """People ready but delayed, over all services; figures not known count as 0.

    Parameters
    ----------
    system_map : SystemMap
        The map.

    Returns
    -------
    float
        People.
    """
    return sum(s.delayed for s in system_map.services if is_known(s.delayed))


def delay_headline(system_map: SystemMap) -> str:
    """The main message in a sentence: how many people are delayed, and most of them for what.

    Parameters
    ----------
    system_map : SystemMap
        The map.

    Returns
    -------
    str
        The map's own headline where it has one; empty where nobody is delayed.
    """
    if clean_text(system_map.headline):
        return clean_text(system_map.headline)
    total = total_delayed(system_map)
    if format_people(total) in ("0", NOT_KNOWN):
        return ""
    waiting: dict[str, float] = {}
    for flow in system_map.flows:
        if is_known(flow.people_delayed) and flow.from_service != OUTSIDE:
            so_far = waiting.get(flow.to_service, 0.0)
            waiting[flow.to_service] = so_far + flow.people_delayed
    people = people_words(format_people(total))
    verb = "is" if people == "1 person" else "are"
    sentence = f"On an average day {people} {verb} ready to move but delayed"
    if max(waiting.values(), default=0.0) <= 0:
        return sentence + "."
    most = max(waiting, key=lambda name: waiting[name])
    label = system_map.by_id()[most].name
    count = format_people(waiting[most])
    many = "all" if count == format_people(total) else f"{count} of them"
    return f"{sentence}; {many} wait for: {label}."
