"""Builders that make a model from small tables, with good defaults.

A test says only what matters to it::

    model = make_model(
        services="service,places\nward,10",
        arrivals="service,per_day\nward,9",
        durations="service,days\nward,exponential(mean=1)",
        routes="from,to,share\nward,home,1",
        days=1000,
    )

Every other column is filled with a default, and a service that is only ever a destination becomes
an outcome (stage ``left``). The tables are written to a folder and read back by the product's own
reader, so a test model passes every check that a user's model does.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Table = str | Iterable[Row]

COLUMNS: dict[str, tuple[str, ...]] = {
    "services": (
        "service",
        "label",
        "stage",
        "places",
        "unit",
        "arrivals_wait",
        "transfers_wait",
        "order",
        "source",
    ),
    "arrivals": ("service", "cohort", "per_day", "from", "to", "profile", "source"),
    "profiles": ("profile", "month", "weekday", "hour", "weight"),
    "capacity": (
        "service",
        "from",
        "to",
        "weekday",
        "start_hour",
        "end_hour",
        "places",
        "source",
    ),
    "durations": ("service", "cohort", "days", "source"),
    "needs": ("service", "cohort", "hours_per_week", "source"),
    "routes": (
        "from",
        "to",
        "cohort",
        "share",
        "arranging_days",
        "reason",
        "responsible",
        "source",
    ),
    "cohorts": ("cohort", "label", "priority", "source"),
    "costs": ("service", "state", "per_day", "payer", "price_year", "source"),
    "start": ("service", "waiting_for", "cohort", "people", "source"),
}

DEFAULTS: dict[str, Any] = {
    "stage": "hospital",
    "unit": "person",
    "transfers_wait": "in_place",
    "order": "fifo",
    "source": "assumed: a test model",
}

REQUIRED = ("services", "arrivals", "durations", "routes")


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Rows of a table given as CSV text or as mappings.

    Parameters
    ----------
    table : str or iterable of mapping
        CSV text with a header line (blank lines and spaces round cells are ignored), or rows.

    Returns
    -------
    list of dict
        One dict a row; cells of CSV text are strings.
    """
    if not isinstance(table, str):
        return [dict(row) for row in table]
    lines = [line.strip() for line in table.strip().splitlines() if line.strip()]
    for row in csv.reader(lines):
        if len(row) > len(next(csv.reader(lines[:1]))):
            raise ValueError(f"{row} has more cells than columns: quote cells with commas")
    return [
        {key.strip(): (cell or "").strip() for key, cell in row.items()}
        for row in csv.DictReader(lines)
    ]


def _complete(name: str, row: dict[str, Any]) -> dict[str, Any]:
    filled = {column: DEFAULTS.get(column, "") for column in COLUMNS[name]}
    filled["label"] = row.get("service", row.get("cohort", ""))
    filled.update({key: value for key, value in row.items() if value not in (None, "")})
    return {column: filled[column] for column in [*COLUMNS[name], *(set(row) - set(COLUMNS[name]))]}


def _with_outcomes(services: list[dict[str, Any]], routes: list[dict[str, Any]]) -> None:
    known = {row["service"] for row in services}
    for row in routes:
        if row["to"] not in known:
            known.add(row["to"])
            services.append({"service": row["to"], "stage": "left"})


def _csv_text(columns: Iterable[str], rows: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _toml_text(settings: Mapping[str, Any]) -> str:
    # A TOML basic string, number or boolean is written as JSON writes it.
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())


def write_model(
    folder: Path,
    *,
    empirical: Mapping[str, Iterable[float]] | None = None,
    settings: Mapping[str, Any] | None = None,
    **tables: Table,
) -> Path:
    """Write a model folder from small tables.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    empirical : mapping of str to iterable of float, optional
        Values, in days, of each ``empirical_<name>.csv``.
    settings : mapping, optional
        Keys of ``model.toml`` that differ from the defaults (start on Monday 1 January 2024, 100
        measured days, no warm-up, 2 replications, seed 1).
    **tables : str or iterable of mapping
        The tables by name, as CSV text or rows; ``services``, ``arrivals``, ``durations`` and
        ``routes`` are always written.

    Returns
    -------
    Path
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    toml = {
        "format": 1,
        "name": "test",
        "start": "2024-01-01T00:00:00",
        "days": 100,
        "warm_up_days": 0,
        "replications": 2,
        "seed": 1,
    }
    toml.update(settings or {})
    (folder / "model.toml").write_text(_toml_text(toml), encoding="utf-8")
    rows = {name: rows_of(tables.get(name, "")) for name in {*REQUIRED, *tables}}
    _with_outcomes(rows["services"], rows["routes"])
    for name, content in rows.items():
        full = [_complete(name, row) for row in content]
        columns = list(full[0]) if full else COLUMNS[name]
        (folder / f"{name}.csv").write_text(_csv_text(columns, full), encoding="utf-8")
    for name, values in (empirical or {}).items():
        text = _csv_text(["days"], ({"days": value} for value in values))
        (folder / f"empirical_{name}.csv").write_text(text, encoding="utf-8")
    return folder


def make_model(
    services: Table,
    arrivals: Table = "",
    durations: Table = "",
    routes: Table = "",
    *,
    empirical: Mapping[str, Iterable[float]] | None = None,
    profiles: Table = "",
    capacity: Table = "",
    needs: Table = "",
    cohorts: Table = "",
    costs: Table = "",
    start: Table = "",
    **settings: Any,
) -> Any:
    """Model made of small tables, read by the product's own reader.

    Parameters
    ----------
    services, arrivals, durations, routes : str or iterable of mapping
        The four required tables, as CSV text or rows; missing columns take defaults.
    empirical : mapping of str to iterable of float, optional
        Values, in days, of each ``empirical(name)``.
    profiles, capacity, needs, cohorts, costs, start : str or iterable of mapping
        The other tables; blank = not written.
    **settings : Any
        Keys of ``model.toml``: ``days``, ``warm_up_days``, ``replications``, ``seed`` ...
        ``begins`` sets ``start`` (which is a table here).

    Returns
    -------
    wholesystem.flow.Model
        The model.
    """
    from wholesystem.flow import read_model

    if "begins" in settings:
        settings["start"] = settings.pop("begins")
    optional = {
        "profiles": profiles,
        "capacity": capacity,
        "needs": needs,
        "cohorts": cohorts,
        "costs": costs,
        "start": start,
    }
    with tempfile.TemporaryDirectory() as folder:
        write_model(
            Path(folder),
            empirical=empirical,
            settings=settings,
            services=services,
            arrivals=arrivals,
            durations=durations,
            routes=routes,
            **{name: table for name, table in optional.items() if table},
        )
        return read_model(Path(folder))
