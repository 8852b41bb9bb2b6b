"""What the system map shows, as plain data."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from wholesystem.errors import ParameterError
from wholesystem.pictures.wording import clean_text, is_known

STAGES = ("usual_place", "crisis", "hospital", "step_down", "left")
STAGE_LABELS = {
    "usual_place": "Where people live",
    "crisis": "Crisis",
    "hospital": "Hospital",
    "step_down": "Step-down and return",
    "left": "Where people go",
}
OUTSIDE = ""


@dataclass(frozen=True)
class MapService:
    """One service of the map, with its mean figures over the period.

    Parameters
    ----------
    service : str
        Id, not empty.
    label : str
        Name for people; empty = the id.
    stage : str
        One of `STAGES`.
    places : float or None
        Places, or hours a week, >= 0; None = no limit; NaN = not known.
    unit : str
        ``person`` or ``hours_per_week``.
    occupied : float
        Mean people in the service, delayed ones included, >= 0; NaN = not known.
    delayed : float
        Mean people ready to leave but still here, >= 0; NaN = not known.
    waiting_outside : float
        Mean people waiting for this service without a place anywhere, >= 0; NaN = not known.
    turned_away_per_day : float
        People a day turned away because the service is full, >= 0; NaN = not known.
    used_share : float or None
        Used capacity over available capacity, >= 0. None = people over places where the unit is
        ``person``, not known otherwise.

    Raises
    ------
    ParameterError
        If the id is empty, the stage or unit unknown, or a figure negative or infinite.
    """

    service: str
    label: str
    stage: str
    places: float | None
    unit: str = "person"
    occupied: float = math.nan
    delayed: float = 0.0
    waiting_outside: float = 0.0
    turned_away_per_day: float = 0.0
    used_share: float | None = None

    def __post_init__(self) -> None:
        if not self.service:
            raise ParameterError("A service of the map has no id. Give each service an id.")
        if self.stage not in STAGES:
            raise ParameterError(
                f"Service {self.service} has stage {self.stage!r}. Use one of {', '.join(STAGES)}."
            )
        if self.unit not in ("person", "hours_per_week"):
            raise ParameterError(
                f"Service {self.service} has unit {self.unit!r}. Use person or hours_per_week."
            )
        _refuse_impossible(
            f"Service {self.service}",
            places=self.places,
            occupied=self.occupied,
            delayed=self.delayed,
            waiting_outside=self.waiting_outside,
            turned_away_per_day=self.turned_away_per_day,
            used_share=self.used_share,
        )

    @property
    def name(self) -> str:
        """The label for people, on one line; the id where there is none.

        Returns
        -------
        str
            Not empty.
        """
        return clean_text(self.label) or clean_text(self.service)

    @property
    def share(self) -> float | None:
        """Used capacity over available capacity; None where there is no limit or it is unknown.

        Returns
        -------
        float or None
            1 = full; above 1 where more people stay than there are places.
        """
        if self.places is None:
            return None
        if self.used_share is not None:
            return self.used_share if is_known(self.used_share) else None
        if self.unit != "person" or not is_known(self.places) or not is_known(self.occupied):
            return None
        if self.places == 0:
            return 1.0 if self.occupied > 0 else None
        return self.occupied / self.places


@dataclass(frozen=True)
class MapFlow:
    """People moving from one service to another.

    Parameters
    ----------
    from_service : str
        Id of the service left; ``""`` = arriving from outside the map.
    to_service : str
        Id of the service entered.
    people_per_day : float
        Mean people a day making the move, >= 0; NaN = not known.
    mean_wait_days : float
        Mean days from being ready (or from asking, for arrivals) to the move, >= 0; NaN = not
        known.
    people_delayed : float
        Mean people in `from_service` who are ready and wait to make this move, >= 0.

    Raises
    ------
    ParameterError
        If the destination is empty, or a figure is negative or infinite.
    """

    from_service: str
    to_service: str
    people_per_day: float
    mean_wait_days: float = math.nan
    people_delayed: float = 0.0

    def __post_init__(self) -> None:
        where = f"The flow from {self.from_service or 'outside'} to {self.to_service}"
        if not self.to_service:
            raise ParameterError(f"{where} has no destination. Name a service.")
        _refuse_impossible(
            where,
            people_per_day=self.people_per_day,
            mean_wait_days=self.mean_wait_days,
            people_delayed=self.people_delayed,
        )


@dataclass(frozen=True)
class SystemMap:
    """Everything the system map shows.

    Parameters
    ----------
    title : str
        Heading, for instance the name of the area.
    description : str
        One or two sentences for screen readers and the subtitle; may be empty.
    period : str
        The period the figures are for, in words; may be empty.
    services : tuple of MapService
        At least one; ids unique. Their order is the first choice of order in the picture.
    flows : tuple of MapFlow
        At most one for each pair of services.
    source_note : str
        Where the figures come from; printed at the foot; may be empty.
    headline : str
        The main message under the title; empty = made from the figures: how many people are
        delayed in all services, and what most of them wait for.

    Raises
    ------
    ParameterError
        If there is no service, an id occurs twice, or a flow names an unknown service, itself or
        a pair named before.
    """

    title: str
    description: str
    period: str
    services: tuple[MapService, ...]
    flows: tuple[MapFlow, ...] = ()
    source_note: str = ""
    headline: str = ""

    def __post_init__(self) -> None:
        if not self.services:
            raise ParameterError("The map has no services. Give it at least one.")
        counts = Counter(s.service for s in self.services)
        if doubled := [name for name, n in counts.items() if n > 1]:
            raise ParameterError(f"Services named twice: {', '.join(doubled)}. Keep one of each.")
        pairs: set[tuple[str, str]] = set()
        for flow in self.flows:
            _check_flow(flow, counts, pairs)
            pairs.add((flow.from_service, flow.to_service))

    def by_id(self) -> dict[str, MapService]:
        """The services by their id.

        Returns
        -------
        dict of str to MapService
            In the order given.
        """
        return {s.service: s for s in self.services}


def _check_flow(flow: MapFlow, known: Counter[str], seen: set[tuple[str, str]]) -> None:
    for name in (flow.from_service, flow.to_service):
        if name != OUTSIDE and name not in known:
            raise ParameterError(
                f"A flow names the service {name!r}, which is not on the map. "
                "Add the service or leave the flow out."
            )
    if flow.from_service == flow.to_service:
        raise ParameterError(f"A flow leads from {flow.to_service} to itself. Leave it out.")
    if (flow.from_service, flow.to_service) in seen:
        raise ParameterError(
            f"Two flows lead from {flow.from_service or 'outside'} to {flow.to_service}. "
            "Add them up into one."
        )


def _refuse_impossible(where: str, **figures: float | None) -> None:
    for name, value in figures.items():
        if value is not None and (math.isinf(value) or value < 0):
            raise ParameterError(
                f"{where} has {name} = {value}. It must be a number of 0 or more, "
                "or NaN where it is not known."
            )
