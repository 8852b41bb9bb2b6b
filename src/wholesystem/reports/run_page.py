"""The page of a simulated system: its map, its delays, its waits and its year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wholesystem.flow.results import interval95
from wholesystem.pictures import (
    BodyDelay,
    DailyBand,
    ReasonDelay,
    SystemMap,
    WaitFigure,
    chart_table,
    delays_by_body,
    delays_by_reason,
    draw_system_map,
    map_tables,
    occupancy_over_year,
    render_svg,
    waits,
)
from wholesystem.pictures.wording import clean_text
from wholesystem.reports.page import Page, Picture, Section, render_page
from wholesystem.reports.run_map import mean_flows, system_map_of

if TYPE_CHECKING:
    from wholesystem.flow import SimulationResult
    from wholesystem.flow.compiled import DelayGroup
    from wholesystem.pictures.chart_parts import Spec

__all__ = [
    "BODIES",
    "chart",
    "made_section",
    "map_section",
    "map_tables_section",
    "measured_period",
    "notes_section",
    "occupancy_section",
    "page_of_run",
    "reason_label",
    "waits_section",
    "write_run_page",
]

#: Words for the responsible body.
BODIES = {"nhs": "NHS", "social_care": "Social care", "both": "Both", "": "Not stated"}


def page_of_run(result: SimulationResult, system_map: SystemMap) -> Page:
    """Page of any simulated model.

    Parameters
    ----------
    result : SimulationResult
        The run.
    system_map : SystemMap
        From `system_map_of`.

    Returns
    -------
    Page
        With a table behind every picture.
    """
    settings = result.model.settings
    return Page(
        title=clean_text(settings.name),
        lead=f"{_sentence(settings.description)} Simulated from a model: see how this was made.",
        sections=(
            map_section(system_map),
            notes_section(result),
            delays_section(result),
            waits_section(result),
            occupancy_section(result),
            made_section(result),
            map_tables_section(system_map),
        ),
    )


def _sentence(text: str) -> str:
    text = clean_text(text) or "A local health and care system"
    return text if text[-1] in ".!?" else text + "."


def write_run_page(result: SimulationResult, folder: Path) -> None:
    """Write map.svg and index.html of a run into a folder that exists.

    Parameters
    ----------
    result : SimulationResult
        A run that kept its stays: the flows of the map are those of its first replication.
    folder : Path
        Where to write.

    Raises
    ------
    ParameterError
        If the run kept no stays.
    """
    from wholesystem.errors import ParameterError
    from wholesystem.stays import flows

    if result.stays is None:
        raise ParameterError("This run kept no stays. Run it with stays=True to draw its map.")
    several = len(result.replicated) > 1
    drawn = system_map_of(
        result,
        mean_flows([flows(result.stays)]),
        title=result.model.settings.name,
        period=measured_period(result),
        source="Simulated; flows between services are those of the first replication."
        if several
        else "Simulated once.",
    )
    page = page_of_run(result, drawn)
    (folder / "map.svg").write_text(page.sections[0].pictures[0].svg, encoding="utf-8")
    (folder / "index.html").write_text(render_page(page), encoding="utf-8")


def measured_period(result: SimulationResult) -> str:
    """First and last measured day, in words."""
    first, last = _measured(result)
    until = f" to {_in_words(last)}" if last > first else ""
    return f"{_in_words(first)}{until}, simulated"


def _measured(result: SimulationResult) -> tuple[date, date]:
    start = result.model.settings.start + timedelta(days=result.compiled.warm_up_days)
    end = start + timedelta(days=result.compiled.days)
    return start.date(), (end - timedelta(seconds=1)).date()


def _in_words(day: date | datetime) -> str:
    return f"{day.day} {day:%B %Y}"


def made_section(result: SimulationResult, *, files: Sequence[str] = ()) -> Section:
    """How the figures were made, so that anyone can make them again, and where they are.

    Parameters
    ----------
    result : SimulationResult
        The run.
    files : sequence of str
        More files of the same folder, each with what it holds.

    Returns
    -------
    Section
        In words.
    """
    run = result.run
    how_often = {1: "once", 2: "twice"}.get(
        run["replications"], f"{run['replications']} times over"
    )
    warm_up = f", after {run['warm_up_days']:g} days that are not measured" * bool(
        run["warm_up_days"]
    )
    return Section(
        "made",
        "How this was made",
        paragraphs=(
            f"Wholesystem {run['version']} simulated the model {run['model']} {how_often}:"
            f" {run['days']:g} days{warm_up}, seed {run['seed']}. The same program, tables and"
            f" seed give the same figures. Fingerprint of the tables: {run['model_hash'][:12]}.",
            "The figures are in files beside this page, where it was written:",
        ),
        points=(
            "summary.csv: every measure of every service, with intervals.",
            "delays.csv: people delayed by service, what they wait for, reason and body.",
            "daily.csv: every measure on every day.",
            *files,
            "map.svg: the map alone. run.json: what made the run.",
        ),
    )


def notes_section(result: SimulationResult) -> Section:
    """What a reader should know before using the figures: the warnings of the run."""
    labels = {row.service: row.label or row.service for row in result.model.services}
    points = tuple(_with_label(warning, labels) for warning in result.warnings)
    words = (
        "Offered load: the places that everyone who asks would use if nobody waited, as a share"
        " of the places that there are.",
    )
    loads = any("offered load" in point for point in points)
    return Section(
        "notes", "Before you use these figures", paragraphs=words if loads else (), points=points
    )


def _with_label(warning: str, labels: Mapping[str, str]) -> str:
    """A warning that begins with the id of a service, beginning with its label."""
    service, colon, rest = warning.partition(": ")
    return f"{labels[service]}: {rest}" if colon and service in labels else warning


_READING = (
    "Boxes are services and bands are people moving, from left to right: the wider the band, the"
    " more people a day; the darker, the longer they waited for the move. The dark hatched end of"
    " a bar, and the red figures, are people who are ready to leave and still hold their place."
)


def map_section(system_map: SystemMap, said: str = "") -> Section:
    """The system map; its tables are those of `map_tables_section`.

    Parameters
    ----------
    system_map : SystemMap
        The map.
    said : str
        What more is to be said of it.

    Returns
    -------
    Section
        Its one picture is the map.
    """
    after = (f"{said} Every figure of the map stands in tables at the end of this page.".strip(),)
    return Section(
        "map",
        "The system at a glance",
        pictures=(
            Picture(draw_system_map(system_map), source=_READING, layout="wide", after=after),
        ),
    )


def map_tables_section(system_map: SystemMap) -> Section:
    """Every figure of the map, and the moves too small to draw."""
    services, moves = map_tables(system_map)
    services = replace(services, title="Services on the map")
    moves = replace(moves, title="Moves between services")
    return Section(
        "figures",
        "The figures of the map",
        paragraphs=(
            "Means over the time of the map. Delayed: ready to leave and still in a place; days"
            " waited count from being ready to moving.",
        ),
        pictures=(Picture(tables=(services, moves), folded=True),),
    )


def chart(spec: Spec, source: str = "") -> Picture:
    """Render a chart with its table."""
    return Picture(render_svg(spec), (chart_table(spec),), source, layout="beside")


def delays_section(result: SimulationResult) -> Section:
    """People delayed by reason and by responsible body."""
    reasons = _delays_by(result, lambda group: reason_label(group.reason))
    bodies = _delays_by(result, lambda group: BODIES[group.responsible])
    source = f"Mean people ready to leave and still in their place, {measured_period(result)}."
    pictures = []
    if len(reasons) > 1 or (reasons and reasons[0][0] != reason_label("")):
        pictures.append(chart(delays_by_reason([ReasonDelay(*row) for row in reasons]), source))
    if len(bodies) > 1 or (bodies and bodies[0][0] != BODIES[""]):
        pictures.append(chart(delays_by_body([BodyDelay(*row) for row in bodies]), source))
    return Section("delays", "Who is held up, and why", pictures=tuple(pictures))


def _delays_by(
    result: SimulationResult, label: Callable[[DelayGroup], str]
) -> list[tuple[str, float, float, float]]:
    """Mean people delayed and interval by a label of the delay group, most first."""
    people: dict[str, np.ndarray] = {}
    for group, values in zip(result.compiled.groups, result.delayed.T, strict=True):
        if values.any():
            name = label(group)
            people[name] = people.get(name, 0.0) + values
    rows = []
    for name, values in people.items():
        found = interval95(values)
        rows.append((name, float(found["mean"]), float(found["lower95"]), float(found["upper95"])))
    return sorted(rows, key=lambda row: -row[1])


def reason_label(code: str) -> str:
    """A reason in words, with its code where the list of reasons has it."""
    from wholesystem.stays import reason_codes

    if not code:
        return "No reason stated"
    labels = dict(reason_codes().items())
    return f"{labels[code]} ({code})" if code in labels else code


def waits_section(result: SimulationResult) -> Section:
    """Mean days waited for every service that people wait for."""
    found = interval95(result.replicates["wait_days"])
    figures = [
        WaitFigure(row.label or row.service, *(float(found[c][k]) for c in
                   ("mean", "lower95", "upper95")))
        for k, row in enumerate(result.model.services)
        if found["mean"][k] > 1 / 96  # a quarter of an hour
    ]  # fmt: skip
    figures.sort(key=lambda figure: -figure.mean)
    pictures: Sequence[Picture] = ()
    if figures:
        source = (
            "Mean days from asking for a place to taking it, over everyone who took one, those"
            " who did not wait included. The time to arrange a move comes before and is not in it"
            f" (on the map it is). {measured_period(result)}."
        )
        pictures = (chart(waits(figures), source),)
    return Section("waits", "How long people wait for a place", pictures=tuple(pictures))


def occupancy_section(result: SimulationResult) -> Section:
    """People in each service with a limit, over time."""
    values, firsts, step = _by_step(result.daily_values[:, :, :, 0])
    levels = np.percentile(values, [5, 50, 95], axis=0)
    changing = {row.service for row in result.model.capacity}
    bands: list[DailyBand] = []
    places: dict[str, float | None] = {}
    for k, row in enumerate(result.model.services):
        if row.places is None or row.stage == "left":
            continue
        label = row.label or row.service
        steady = row.unit == "person" and row.service not in changing
        places[label] = row.places if steady else None
        bands += [
            DailyBand(label, int(day), *(float(levels[q, i, k]) for q in range(3)))
            for i, day in enumerate(firsts)
        ]
    heading = "People in each service over time"
    if not bands:
        return Section("year", heading)
    first, _ = _measured(result)
    spec = occupancy_over_year(bands, places=places, start=first, step=step)
    source = (
        f"Services with a limit. Mean people of each {step}, {measured_period(result)}. Figures"
        " of the table are medians of the replications. A line of places is drawn where they"
        " count people and do not change."
    )
    picture = Picture(render_svg(spec), (chart_table(spec),), source, layout="large")
    return Section("year", heading, pictures=(picture,))


_WEEKS_FROM_DAYS = 120
Floats = NDArray[np.floating[Any]]


def _by_step(daily: Floats) -> tuple[Floats, NDArray[np.int64], str]:
    """Means of weeks over a long time, since days are too many to tell apart; else the days.

    The days left over at the end belong to the last week.
    """
    days = daily.shape[1]
    if days < _WEEKS_FROM_DAYS:
        return daily, np.arange(days), "day"
    firsts = np.arange(0, days - 6, 7)
    lengths = np.diff(firsts, append=days)
    return np.add.reduceat(daily, firsts, axis=1) / lengths[:, None], firsts, "week"
