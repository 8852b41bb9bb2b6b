"""The rows of the model's tables: every column with its type, unit and bounds.

Attribute names are the columns, except `from_date`, `to_date` (columns ``from``, ``to`` of dates)
and `from_service`, `to_service` (columns ``from``, ``to`` of routes). What a column means stands
in docs/reference/model-tables.md; a test holds that page to these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from wholesystem.flow.durations import Distribution, parse_duration
from wholesystem.flow.families import MOST_DAYS
from wholesystem.tables.rows import (
    BlankDate,
    BlankText,
    DateTime,
    Id,
    OptionalId,
    Row,
    Text,
    choice,
    number,
    reader,
    whole,
)

__all__ = [
    "LAST_SEED",
    "MOST_ARRIVALS_PER_DAY",
    "MOST_PLACES",
    "MOST_REPLICATIONS",
    "ROWS",
    "Arrival",
    "CapacityRow",
    "Cohort",
    "Cost",
    "Duration",
    "EmpiricalRow",
    "Need",
    "ProfileWeight",
    "Route",
    "Service",
    "Settings",
    "StartRow",
]

MOST_PLACES = 10_000_000
MOST_ARRIVALS_PER_DAY = 100_000
MOST_REPLICATIONS = 10_000
MOST_WAITING = 1_000_000_000
LAST_SEED = 2**63 - 1

Stage = Literal["usual_place", "crisis", "hospital", "step_down", "left"]
STAGES = ("usual_place", "crisis", "hospital", "step_down", "left")

Places = Annotated[float | None, number(0, MOST_PLACES, blank=None)]
Weekday = Annotated[int | None, whole(1, 7, blank=None)]
Hours = Annotated[float | None, number(0, 24, blank=None)]
_parse_duration = reader(parse_duration)
_parse_blank_duration = reader(parse_duration, blank=None)


def _keep_text(data: Any, column: str) -> Any:
    """Keep what the person wrote beside what it means."""
    if isinstance(data, dict) and isinstance(data.get(column), str):
        return {**data, f"{column}_text": data[column]}
    return data


class Settings(Row):
    """What ``model.toml`` says: name, time 0, lengths, replications and seed."""

    format: Annotated[int, whole(1, 1)] = 1
    name: Text
    description: BlankText = ""
    start: DateTime
    days: Annotated[float, number(0, MOST_DAYS, above=True)]
    warm_up_days: Annotated[float, number(0, MOST_DAYS)] = 0.0
    replications: Annotated[int, whole(1, MOST_REPLICATIONS)] = 10
    seed: Annotated[int, whole(0, LAST_SEED)] = 1
    population: Annotated[float | None, number(0, 1e10, blank=None, above=True)] = None
    start_residual: Annotated[
        Literal["equilibrium", "fresh"], choice("equilibrium", "fresh", blank="equilibrium")
    ] = "equilibrium"


class Service(Row):
    """A row of services.csv: somewhere a person can be, or an outcome."""

    service: Id
    label: BlankText = ""
    stage: Annotated[Stage, choice(*STAGES)]
    places: Places = None
    unit: Annotated[
        Literal["person", "hours_per_week"], choice("person", "hours_per_week", blank="person")
    ] = "person"
    arrivals_wait: Annotated[int | None, whole(0, MOST_WAITING, blank=None)] = None
    transfers_wait: Annotated[
        Literal["in_place", "outside"], choice("in_place", "outside", blank="in_place")
    ] = "in_place"
    order: Annotated[
        Literal["fifo", "first_fit", "priority"],
        choice("fifo", "first_fit", "priority", blank="fifo"),
    ] = "fifo"
    source: BlankText


class Arrival(Row):
    """A row of arrivals.csv: people arriving at a service from outside the model."""

    service: Id
    cohort: OptionalId = ""
    per_day: Annotated[float, number(0, MOST_ARRIVALS_PER_DAY)]
    from_date: BlankDate = Field(default=None, alias="from")
    to_date: BlankDate = Field(default=None, alias="to")
    profile: OptionalId = ""
    source: BlankText


class ProfileWeight(Row):
    """A row of profiles.csv: how arrivals vary by month, weekday and hour."""

    profile: Id
    month: Annotated[int | None, whole(1, 12, blank=None)] = None
    weekday: Weekday = None
    hour: Annotated[int | None, whole(0, 23, blank=None)] = None
    weight: Annotated[float, number(0, 1e6)]


class CapacityRow(Row):
    """A row of capacity.csv: places of a service at some dates, weekdays or hours."""

    service: Id
    from_date: BlankDate = Field(default=None, alias="from")
    to_date: BlankDate = Field(default=None, alias="to")
    weekday: Weekday = None
    start_hour: Hours = None
    end_hour: Hours = None
    places: Annotated[float, number(0, MOST_PLACES)]
    source: BlankText


class Duration(Row):
    """A row of durations.csv: how long people stay before they are ready to leave."""

    service: Id
    cohort: OptionalId = ""
    days: Annotated[Distribution, _parse_duration]
    days_text: str = Field(default="", exclude=True)
    source: BlankText

    @model_validator(mode="before")
    @classmethod
    def _keep(cls, data: Any) -> Any:
        return _keep_text(data, "days")


class Need(Row):
    """A row of needs.csv: how many hours a week a person uses."""

    service: Id
    cohort: OptionalId = ""
    hours_per_week: Annotated[Distribution, _parse_duration]
    hours_per_week_text: str = Field(default="", exclude=True)
    source: BlankText

    @model_validator(mode="before")
    @classmethod
    def _keep(cls, data: Any) -> Any:
        return _keep_text(data, "hours_per_week")


class Route(Row):
    """A row of routes.csv: where people go next, and how long arranging it takes."""

    from_service: Id = Field(alias="from")
    to_service: Id = Field(alias="to")
    cohort: OptionalId = ""
    share: Annotated[float, number(0, 1)]
    arranging_days: Annotated[Distribution | None, _parse_blank_duration] = None
    arranging_days_text: str = Field(default="", exclude=True)
    reason: BlankText = ""
    responsible: Annotated[
        Literal["", "nhs", "social_care", "both"],
        choice("nhs", "social_care", "both", blank=""),
    ] = ""
    source: BlankText

    @model_validator(mode="before")
    @classmethod
    def _keep(cls, data: Any) -> Any:
        return _keep_text(data, "arranging_days")


class Cohort(Row):
    """A row of cohorts.csv: a group of people."""

    cohort: Id
    label: BlankText = ""
    priority: Annotated[int, whole(1, 1000, blank=1)] = 1
    source: BlankText


class Cost(Row):
    """A row of costs.csv: pounds a day for a person in a state."""

    service: Id
    state: Annotated[
        Literal["occupied", "waiting", "delayed"], choice("occupied", "waiting", "delayed")
    ]
    per_day: Annotated[float, number(0, 1e9)]
    payer: BlankText = ""
    price_year: BlankText = ""
    source: BlankText


class StartRow(Row):
    """A row of start.csv: people present at time 0."""

    service: OptionalId = ""
    waiting_for: OptionalId = ""
    cohort: OptionalId = ""
    people: Annotated[int, whole(0, MOST_PLACES)]
    source: BlankText


class EmpiricalRow(Row):
    """A row of an ``empirical_<name>.csv``: one observed time, in days."""

    days: Annotated[float, number(0, MOST_DAYS)]


#: The row class of each table, in the order of the format.
ROWS: dict[str, type[Row]] = {
    "services": Service,
    "arrivals": Arrival,
    "profiles": ProfileWeight,
    "capacity": CapacityRow,
    "durations": Duration,
    "needs": Need,
    "routes": Route,
    "cohorts": Cohort,
    "costs": Cost,
    "start": StartRow,
}
