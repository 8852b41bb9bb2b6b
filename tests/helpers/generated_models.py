"""Hypothesis strategies for small valid models that use every feature of the tables.

A model is built so that it is valid by construction: shares are whole parts of their total, every
service has a way out, every service is reached, every table names only what exists. Numbers are
chosen so that things happen at the same instant (fixed durations of quarter days, opening hours on
whole hours) and so that few places are fought over (rings, cascades, queues).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.helpers.models import make_model

Row = dict[str, Any]

OUT = "out"

DURATIONS = st.sampled_from(
    [
        "fixed(0.25)",
        "fixed(0.5)",
        "fixed(1)",
        "exponential(mean=0.8)",
        "exponential(mean=2)",
        "lognormal(median=0.8, p90=3)",
        "gamma(shape=0.6, scale=1.5)",
        "gamma(mean=1, sd=0.4)",
        "weibull(shape=1.4, scale=1)",
        "uniform(0.2, 1.4)",
        "triangular(0.1, 0.5, 2)",
        "empirical(seen)",
    ]
)
SEEN_DAYS = (0.25, 0.5, 0.5, 1.5, 3.0)
ARRANGING = st.sampled_from(["", "", "fixed(0.25)", "exponential(mean=0.5)", "uniform(0, 0.5)"])
NEEDS = st.sampled_from(["fixed(2)", "fixed(4)", "uniform(1, 6)", "exponential(mean=2)"])
REASONS = st.sampled_from([("", ""), ("A", "nhs"), ("C", "social_care"), ("E", "both")])
STARTS = st.sampled_from(["2024-01-01T00:00:00", "2024-02-27T12:00:00", "2023-12-29T09:30:00"])
HORIZONS = st.sampled_from([(6, 0), (9, 0), (5, 3), (7.5, 2.5), (12, 4), (4, 0.25)])
DATES = st.sampled_from(["", "2024-01-02", "2024-02-29", "2024-01-04"])
KEYS = {
    "profiles": ("profile", "month", "weekday", "hour"),
    "start": ("service", "waiting_for", "cohort"),
}
"""Columns that two rows of a table may not share."""


@dataclass
class Tables:
    """Rows of a model being built, by table."""

    names: list[str]
    cohorts: list[str]
    crowded: bool = False
    rows: dict[str, list[Row]] = field(default_factory=dict)
    destinations: dict[str, set[str]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        """Add a row to a table, unless a row with the same key is there."""
        rows = self.rows.setdefault(table, [])
        key = [row.get(column, "") for column in KEYS.get(table, ())]
        if not key or key not in ([r.get(c, "") for c in KEYS[table]] for r in rows):
            rows.append(row)


@st.composite
def service_rows(draw: st.DrawFn, tables: Tables) -> None:
    """Services of every kind, with their durations and, for hours a week, needs."""
    for name in tables.names:
        hours = draw(st.booleans()) and draw(st.booleans())
        some = [1, 1, 2] if tables.crowded else ["", 1, 2, 3]
        places = draw(st.integers(5, 9)) if hours else draw(st.sampled_from(some))
        waits = ["in_place"] if tables.crowded else ["in_place", "outside"]
        orders = ["fifo", "first_fit", "priority"] if hours else ["fifo", "priority"]
        tables.add(
            "services",
            service=name,
            places=places,
            unit="hours_per_week" if hours else "person",
            arrivals_wait=draw(st.sampled_from(["", "", 0, 1, 3])),
            transfers_wait=draw(st.sampled_from(waits)),
            order=draw(st.sampled_from(orders)),
        )
        tables.add("durations", service=name, days=draw(DURATIONS))
        if hours:
            tables.add("needs", service=name, hours_per_week=draw(NEEDS))
        if len(tables.cohorts) > 1 and draw(st.booleans()):
            tables.add("durations", service=name, cohort=tables.cohorts[-1], days=draw(DURATIONS))
            if hours:
                tables.add(
                    "needs", service=name, cohort=tables.cohorts[0], hours_per_week=draw(NEEDS)
                )


@st.composite
def route_rows(draw: st.DrawFn, tables: Tables) -> None:
    """Routes of every service: whole parts to a way out and to any services, itself included."""
    for name in tables.names:
        by_cohort = len(tables.cohorts) > 1 and draw(st.booleans())
        for cohort in tables.cohorts if by_cohort else [""]:
            least = 1 if tables.crowded else 0
            others = draw(st.lists(st.sampled_from(tables.names), min_size=least, max_size=3))
            parts = [(OUT, draw(st.integers(1, 2)))]
            parts += [(other, draw(st.integers(1, 4))) for other in others]
            total = sum(part for _, part in parts)
            used: set[tuple[str, str]] = set()
            for to, part in parts:
                reason, responsible = draw(REASONS)
                while (to, reason) in used:
                    reason += "x"
                used.add((to, reason))
                tables.destinations.setdefault(name, set()).add(to)
                tables.add(
                    "routes",
                    cohort=cohort,
                    share=part / total,
                    arranging_days=draw(ARRANGING),
                    reason=reason,
                    responsible=responsible,
                    **{"from": name, "to": to},
                )


def reached(tables: Tables, entries: set[str]) -> set[str]:
    """Services that people who enter at some services can come to."""
    found: set[str] = set()
    todo = list(entries)
    while todo:
        name = todo.pop()
        if name not in found and name != OUT:
            found.add(name)
            todo += tables.destinations.get(name, set())
    return found


@st.composite
def arrival_rows(draw: st.DrawFn, tables: Tables) -> None:
    """Arrivals, at the first service and wherever people would not come otherwise."""
    entries = {tables.names[0], *draw(st.sets(st.sampled_from(tables.names)))}
    for name in tables.names:
        if name not in reached(tables, entries):
            entries.add(name)
    for name in sorted(entries):
        for cohort in tables.cohorts or [""]:
            for _ in range(draw(st.sampled_from([1, 1, 2]))):
                tables.add(
                    "arrivals",
                    service=name,
                    cohort=cohort,
                    per_day=draw(st.sampled_from([1, 3, 8] if tables.crowded else [0.3, 1, 3])),
                    profile=draw(st.sampled_from(["", "busy"])),
                    **{"from": draw(DATES)},
                )
    tables.add("profiles", profile="busy", weight=1)
    for _ in range(draw(st.integers(0, 3))):
        hour = draw(st.sampled_from(["", 0, 9, 17]))
        # Only a named hour may be closed: a profile that is always 0 has no mean to keep.
        tables.add(
            "profiles",
            profile="busy",
            month=draw(st.sampled_from(["", "", 1, 3])),
            weekday=draw(st.sampled_from(["", 1, 6])),
            hour=hour,
            weight=draw(st.sampled_from([0.5, 4] if hour == "" else [0, 0.5, 4])),
        )


@st.composite
def capacity_rows(draw: st.DrawFn, tables: Tables) -> None:
    """Opening hours, weekends, cuts and rises for some of the services that have a limit."""
    limited = [row for row in tables.rows["services"] if row["places"] != ""]
    for row in limited:
        for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
            start_hour, end_hour = draw(
                st.sampled_from([("", ""), (0, 6), (9, 17), (22, 6), (12, 13.5)])
            )
            tables.add(
                "capacity",
                service=row["service"],
                weekday=draw(st.sampled_from(["", "", 2, 7])),
                start_hour=start_hour,
                end_hour=end_hour,
                places=draw(st.integers(0, 4)) * (2 if row["unit"] == "hours_per_week" else 1),
                **{"from": draw(DATES)},
            )


@st.composite
def start_rows(draw: st.DrawFn, tables: Tables) -> None:
    """People at the start: in services, ready there and waiting, and waiting outside.

    No more people of unit `person` are put in a service than it has places in services.csv.
    """
    free = {
        row["service"]: 9 if row["places"] == "" else int(row["places"])
        for row in tables.rows["services"]
        if row["unit"] == "person"
    }
    # Only a service with a limit, for which people wait in place, has anybody waiting in place.
    blocks = {
        row["service"]
        for row in tables.rows["services"]
        if row["places"] != "" and row["transfers_wait"] == "in_place"
    }
    for _ in range(draw(st.sampled_from([0, 0, 2, 4]))):
        cohort = draw(st.sampled_from(tables.cohorts)) if tables.cohorts else ""
        service = draw(st.sampled_from(tables.names))
        people = draw(st.integers(1, 2))
        kind = draw(st.sampled_from(["in", "ready", "outside"]))
        if kind == "outside":
            tables.add("start", waiting_for=service, cohort=cohort, people=people)
            continue
        if free.get(service, 0) < people:
            continue
        free[service] -= people
        waiting_for = ""
        if kind == "ready":
            onward = sorted(
                row["to"]
                for row in tables.rows["routes"]
                if row["from"] == service and row["to"] in blocks and row["cohort"] in ("", cohort)
            )
            if not onward:
                continue
            waiting_for = onward[0]
        tables.add("start", service=service, waiting_for=waiting_for, cohort=cohort, people=people)


@st.composite
def model_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Keyword arguments of `make_model` for one small valid model.

    Half of the models are crowded: everybody waits in place, for one or two places, and most go on
    to another service. Rings form there.
    """
    crowded = draw(st.booleans())
    names = [f"s{number}" for number in range(draw(st.integers(2 if crowded else 1, 4)))]
    cohorts = [f"c{number}" for number in range(draw(st.sampled_from([0, 1, 2, 3])))]
    tables = Tables(names, cohorts, crowded)
    for cohort in cohorts:
        tables.add("cohorts", cohort=cohort, priority=draw(st.integers(1, 2)))
    draw(service_rows(tables))
    draw(route_rows(tables))
    draw(arrival_rows(tables))
    draw(capacity_rows(tables))
    draw(start_rows(tables))
    days, warm_up_days = draw(HORIZONS)
    return {
        **tables.rows,
        "empirical": {"seen": SEEN_DAYS} if "empirical" in str(tables.rows) else None,
        "begins": draw(STARTS),
        "days": days,
        "warm_up_days": warm_up_days,
        "seed": draw(st.integers(0, 5)),
        "start_residual": draw(st.sampled_from(["equilibrium", "fresh"])),
    }


def models() -> st.SearchStrategy[Any]:
    """Small valid models, read back from their tables by the product's own reader."""
    return model_tables().map(lambda tables: make_model(**tables))
