"""PathSimR's network and calendar files as our tables.

PathSimR (nhs-bnssg-analytics, GPL-3) is an R tool for flow through a care pathway. Its times are
hours; its calendar repeats every 24 hours. Only the numbers of its published examples are read.

``python -m tests.verification.pathsimr.convert FOLDER`` reads ``<case>_network.csv``,
``<case>_calendar.csv`` and ``<case>_published_results.csv`` of both cases from a folder and writes
the tables of ``models/`` and ``published.csv`` beside this file.
"""

from __future__ import annotations

import csv
import math
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.helpers.models import write_model

Row = dict[str, Any]

HOURS_A_DAY = 24
NO_LIMIT = 999
"""A queue this long or longer means any number may wait."""

CASES = ("ae", "urology")


@dataclass(frozen=True)
class Case:
    """One published case, as rows of our tables.

    Parameters
    ----------
    services, arrivals, profiles, capacity, durations, routes : list of dict
        Rows of the tables of the same names.
    """

    services: list[Row]
    arrivals: list[Row]
    profiles: list[Row]
    capacity: list[Row]
    durations: list[Row]
    routes: list[Row]

    def write(self, folder: Path, name: str) -> None:
        """Write the case as a model folder, each row with its source."""
        settings = {
            "name": f"PathSimR example: {name}",
            "days": 7,
            "warm_up_days": 28,
            "replications": 100,
        }
        tables = {table: sourced(table, rows, name) for table, rows in asdict(self).items() if rows}
        write_model(folder, settings=settings, **tables)


def sourced(table: str, rows: list[Row], name: str) -> list[Row]:
    """Rows of a table with the published file they come from; profiles have no source column."""
    if table == "profiles":
        return rows
    file = "calendar" if table in ("arrivals", "capacity") else "network"
    return [row | {"source": f"PathSimR {name} example: {file}"} for row in rows]


def duration_text(name: str, parameters: str) -> str:
    """Our expression, in days, of an R distribution in hours.

    Parameters
    ----------
    name : str
        ``lnorm`` (mean and standard deviation of the log), ``exp`` (rate) or ``unif`` (ends).
    parameters : str
        Numbers between semicolons, in hours.

    Returns
    -------
    str
        For ``durations.csv`` or ``arranging_days``.

    Raises
    ------
    ValueError
        If the distribution is another.
    """
    numbers = [float(part) for part in parameters.split(";")]
    if name == "lnorm":
        return f"lognormal(mu={numbers[0] - math.log(HOURS_A_DAY)!r}, sigma={numbers[1]!r})"
    if name == "exp":
        return f"exponential(mean={1 / numbers[0] / HOURS_A_DAY!r})"
    if name == "unif":
        low, high = (number / HOURS_A_DAY for number in numbers)
        return f"fixed({low!r})" if low == high else f"uniform({low!r}, {high!r})"
    raise ValueError(f"distribution {name!r} is none of lnorm, exp, unif")


def _service_row(name: str, network: Row) -> Row:
    external, internal = int(network["ext_queue"]), int(network["int_queue"])
    if 0 < internal < NO_LIMIT:
        raise ValueError(f"{name}: a limited internal queue has no counterpart in our tables")
    return {
        "service": name,
        "arrivals_wait": "" if external >= NO_LIMIT else external,
        "transfers_wait": "outside" if internal else "in_place",
    }


def _route_rows(name: str, network: Row, names: list[str]) -> list[Row]:
    rows = []
    for to in names:
        share = float(network[to])
        if share == 0:
            continue
        arranging = network[f"{to}_delay_dist"]
        text = "" if arranging == "NA" else duration_text(arranging, network[f"{to}_delay_params"])
        rows.append({"from": name, "to": to, "share": share, "arranging_days": text})
    return rows


def _spans(calendar: list[Row], metric: str, name: str) -> list[tuple[float, float, float]]:
    """Start hour, end hour and value of each row of a service's calendar; NA ends the day."""
    return [
        (
            float(row["start"]),
            HOURS_A_DAY if row["end"] == "NA" else float(row["end"]),
            float(row["value"]),
        )
        for row in calendar
        if row["metric"] == metric and row["node"] == name
    ]


def _add_arrivals(case: Case, name: str, spans: list[tuple[float, float, float]]) -> None:
    per_day = sum((end - start) * rate for start, end, rate in spans)
    if per_day == 0:
        return
    profile = f"{name}_day" if len(spans) > 1 else ""
    case.arrivals.append({"service": name, "per_day": per_day, "profile": profile})
    if profile:
        for start, end, rate in spans:
            case.profiles.extend(
                {"profile": profile, "hour": hour, "weight": rate}
                for hour in range(int(start), int(end))
            )


def _add_places(case: Case, name: str, row: Row, spans: list[tuple[float, float, float]]) -> None:
    row["places"] = max(places for _, _, places in spans)
    if len(spans) > 1:
        case.capacity.extend(
            {"service": name, "start_hour": start, "end_hour": end, "places": places}
            for start, end, places in spans
        )


def read_case(folder: Path, name: str) -> Case:
    """One case from its network and calendar files.

    Parameters
    ----------
    folder : Path
        Holds ``<name>_network.csv`` and ``<name>_calendar.csv``.
    name : str
        One of `CASES`.

    Returns
    -------
    Case
        Rows of our tables, in days.
    """
    with (folder / f"{name}_network.csv").open(encoding="utf-8-sig", newline="") as file:
        network = {row[""]: row for row in csv.DictReader(file)}
    with (folder / f"{name}_calendar.csv").open(encoding="utf-8-sig", newline="") as file:
        calendar = list(csv.DictReader(file))
    case = Case([], [], [], [], [], [])
    for service, columns in network.items():
        if columns["serv_dist"] == "NA":  # An exit: nobody stays there.
            case.services.append({"service": service, "stage": "left"})
            continue
        row = _service_row(service, columns)
        _add_places(case, service, row, _spans(calendar, "cap", service))
        case.services.append(row)
        _add_arrivals(case, service, _spans(calendar, "ext_arr", service))
        days = duration_text(columns["serv_dist"], columns["serv_dist_param"])
        case.durations.append({"service": service, "days": days})
        case.routes.extend(_route_rows(service, columns, list(network)))
    return case


FIGURES = {
    "avg_occupancy": "occupied",
    "avg_queue": "waiting",
    "avg_delayed": "delayed for capacity",
    "avg_transition": "delayed in transition",
    "wait": "wait hours",
    "active_service": "service hours",
    "capacity_delay": "capacity delay hours",
    "transition_delay": "transition delay hours",
    "length_of_stay": "stay hours",
    "rejected": "turned away",
}
"""Our words for the published metrics."""


def read_published(folder: Path, name: str) -> list[Row]:
    """Published figures of one case.

    Parameters
    ----------
    folder : Path
        Holds ``<name>_published_results.csv``.
    name : str
        One of `CASES`.

    Returns
    -------
    list of dict
        ``case, service, figure, statistic, value``; times in hours.
    """
    with (folder / f"{name}_published_results.csv").open(encoding="utf-8", newline="") as file:
        return [
            {
                "case": name,
                "service": row["node"],
                "figure": FIGURES[row["metric"]],
                "statistic": "sd" if row["statistic"] == "sd" else "mean",
                "value": row["value"],
            }
            for row in csv.DictReader(file)
            if row["node"]
            and row["metric"] in FIGURES
            and row["statistic"] in ("mean", "sd", row["metric"])
        ]


def main(source: Path, target: Path) -> None:
    """Write the tables and the published figures of both cases."""
    published = []
    for name in CASES:
        read_case(source, name).write(target / "models" / name, name)
        published += read_published(source, name)
    with (target / "published.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(published[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(published)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent)
