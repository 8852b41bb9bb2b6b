"""What a model may say but probably does not mean, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wholesystem.flow.model_checks import highest_places
from wholesystem.flow.model_graph import reached_services
from wholesystem.tables.cells import number_text

if TYPE_CHECKING:
    from wholesystem.flow.model_unchecked import Rows

__all__ = ["find_warnings"]


def find_warnings(found: Rows) -> Iterator[str]:
    """Warnings of a model without faults.

    Parameters
    ----------
    found : Rows
        Its rows.

    Yields
    ------
    str
        One sentence or two each.
    """
    reached = reached_services(found)
    services = [row for _, row in found.rows["services"]]
    if not reached:
        yield "Nobody ever arrives: arrivals.csv has no rate above 0 and start.csv nobody."
    else:
        unused = [s.service for s in services if s.service not in reached]
        if unused:
            yield f"Nobody ever comes to {', '.join(unused)}: no arrivals or routes lead there."
    yield from _no_places(found, reached)
    yield from _too_many_at_start(found)
    yield from _large_needs(found)
    yield from _unused_names(found)
    yield from _blank_sources(found)


def _no_places(found: Rows, reached: set[str]) -> Iterator[str]:
    for service, places in highest_places(found).items():
        if places == 0 and service in reached:
            yield f"{service} never has a place, so everybody waits for it for ever."


def _too_many_at_start(found: Rows) -> Iterator[str]:
    units = {s.service: s.unit for _, s in found.rows["services"]}
    present: dict[str, int] = {}
    for _, row in found.rows.get("start", []):
        if row.service:
            present[row.service] = present.get(row.service, 0) + row.people
    for service, places in highest_places(found).items():
        if units[service] == "person" and present.get(service, 0) > places:
            yield (
                f"{present[service]} people are in {service} at the start, which never has more"
                f" than {number_text(places)} places; nobody is taken until enough have left."
            )


def _large_needs(found: Rows) -> Iterator[str]:
    highest = highest_places(found)
    for _, row in found.rows.get("needs", []):
        top = row.hours_per_week.quantile_days(0.999, found.empirical.get(row.hours_per_week.name))
        if top > highest.get(row.service, top):
            yield (
                f"Of the people for {row.service}, at least 1 in 1,000 need more hours a week than"
                f" its {number_text(highest[row.service])} and can never start; with order fifo"
                " they hold up everybody behind them."
            )


def _unused_names(found: Rows) -> Iterator[str]:
    arrivals = [row for _, row in found.rows["arrivals"]]
    profiles = dict.fromkeys(row.profile for _, row in found.rows.get("profiles", []))
    for name in profiles:
        if name not in {row.profile for row in arrivals}:
            yield f"The profile {name} is used by no row of arrivals.csv."
    used = {
        getattr(row, column).name
        for table, column in (
            ("durations", "days"),
            ("needs", "hours_per_week"),
            ("routes", "arranging_days"),
        )
        for _, row in found.rows.get(table, [])
        if getattr(row, column) is not None
    }
    for name in found.empirical:
        if name not in used:
            yield f"The table empirical_{name}.csv is used by no row."


def _blank_sources(found: Rows) -> Iterator[str]:
    for name, rows in found.rows.items():
        blank = [number for number, row in rows if not getattr(row, "source", "none needed")]
        if blank:
            shown = ", ".join(map(str, blank[:5])) + (" ..." if len(blank) > 5 else "")
            yield f"{name}.csv gives no source in {len(blank)} rows (row {shown})."
