"""The page of a simulated system: its map, its delays, its waits and its year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

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
from wholesystem.reports.page import Page, Picture, Section, render_page
from wholesystem.reports.run_map import mean_flows, system_map_of

if TYPE_CHECKING:
    from wholesystem.flow import SimulationResult
    from wholesystem.flow.compiled import DelayGroup
    from wholesystem.pictures.chart_parts import Spec

__all__ = [
    "BODIES",
    "chart",
    "map_section",
    "measured_period",
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
        title=settings.name,
        lead=settings.description or "A simulated local health and care system.",
        sections=tuple(
            section
            for section in (
                notes_section(result),
                map_section(system_map),
                delays_section(result),
                waits_section(result),
                occupancy_section(result),
            )
            if section.pictures or section.points
        ),
        footer=(made_by(result),),
    )


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
    drawn = system_map_of(
        result,
        mean_flows([flows(result.stays)]),
        title=result.model.settings.name,
        period=measured_period(result),
        source="Simulated; flows between services are those of the first replication.",
    )
    (folder / "map.svg").write_text(draw_system_map(drawn), encoding="utf-8")
    page = render_page(page_of_run(result, drawn))
    (folder / "index.html").write_text(page, encoding="utf-8")


def measured_period(result: SimulationResult) -> str:
    """First and last measured day, in words."""
    first, last = _measured(result)
    return f"{_in_words(first)} to {_in_words(last)}, simulated"


def _measured(result: SimulationResult) -> tuple[date, date]:
    start = result.model.settings.start + timedelta(days=result.compiled.warm_up_days)
    end = start + timedelta(days=result.compiled.days)
    return start.date(), (end - timedelta(seconds=1)).date()


def _in_words(day: date | datetime) -> str:
    return f"{day.day} {day:%B %Y}"


def made_by(result: SimulationResult) -> str:
    """How the figures were made, so that anyone can make them again."""
    run = result.run
    return (
        f"Made with Wholesystem {run['version']} from the model {run['model']} (fingerprint"
        f" {run['model_hash'][:12]}): {run['replications']} replications of {run['days']:g} days"
        f" after {run['warm_up_days']:g} days of warm-up, seed {run['seed']}."
    )


def notes_section(result: SimulationResult) -> Section:
    """What a reader should know before trusting the figures."""
    return Section("notes", "Before you use these figures", points=tuple(result.warnings))


def map_section(system_map: SystemMap) -> Section:
    """The system map with its tables beneath."""
    picture = Picture(
        draw_system_map(system_map), tuple(map_tables(system_map)), system_map.source_note,
        wide=True,
    )  # fmt: skip
    return Section("map", "The system at a glance", pictures=(picture,))


def chart(spec: Spec, source: str = "") -> Picture:
    """Render a chart with its table."""
    return Picture(render_svg(spec), (chart_table(spec),), source)


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
        source = f"Days from asking for a place to taking it, {measured_period(result)}."
        pictures = (chart(waits(figures), source),)
    return Section("waits", "How long people wait for a place", pictures=tuple(pictures))


def occupancy_section(result: SimulationResult) -> Section:
    """People in each service with a limit, day by day."""
    levels = np.percentile(result.daily_values[:, :, :, 0], [5, 50, 95], axis=0)
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
            DailyBand(label, day, *(float(levels[q, day, k]) for q in range(3)))
            for day in range(levels.shape[1])
        ]
    if not bands:
        return Section("year", "People in each service over the year")
    first, _ = _measured(result)
    spec = occupancy_over_year(bands, places=places, start=first)
    source = f"Mean people on each day, {measured_period(result)}."
    picture = Picture(render_svg(spec), (chart_table(spec),), source, wide=True)
    return Section("year", "People in each service over the year", pictures=(picture,))
