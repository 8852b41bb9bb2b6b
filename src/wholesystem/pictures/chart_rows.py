"""The figures that charts show, one class for each kind of row."""

from __future__ import annotations

import math
from dataclasses import dataclass

from wholesystem.errors import ParameterError


@dataclass(frozen=True)
class ComparedFigure:
    """A published figure beside the simulated one.

    Parameters
    ----------
    label : str
        What is counted.
    unit : str
        Its unit, in words.
    published : float
        Published value; NaN = not published.
    mean, lower95, upper95 : float
        Simulated mean and its 95% interval, in the same unit; NaN = not known.
    basis : str
        ``fitted`` (the model was set so as to give it) or ``predicted``.

    Raises
    ------
    ParameterError
        If the basis is another word.
    """

    label: str
    unit: str
    published: float
    mean: float
    lower95: float
    upper95: float
    basis: str

    def __post_init__(self) -> None:
        if self.basis not in ("fitted", "predicted"):
            raise ParameterError(
                f"The figure {self.label!r} has basis {self.basis!r}. Use fitted or predicted."
            )


@dataclass(frozen=True)
class ReasonDelay:
    """People delayed for one reason: simulated with its 95% interval, and published.

    Parameters
    ----------
    label : str
        The reason in words, its code included where there is one.
    mean, lower95, upper95 : float
        Simulated mean number of people delayed, and its 95% interval.
    published : float
        Published mean number of people; NaN = not published.
    """

    label: str
    mean: float
    lower95: float
    upper95: float
    published: float = math.nan


@dataclass(frozen=True)
class BodyDelay(ReasonDelay):
    """People delayed for one responsible body.

    Parameters
    ----------
    label, mean, lower95, upper95, published
        As for a reason, of the body.
    """


@dataclass(frozen=True)
class DailyBand:
    """People in one service on one day, over replications.

    Parameters
    ----------
    service : str
        Label of the service.
    day : int
        Day of the measured window, from 0.
    p05, p50, p95 : float
        5th percentile, median and 95th percentile over replications; NaN = not known.
    """

    service: str
    day: int
    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class WaitFigure:
    """Days waited for one service: simulated mean with its 95% interval.

    Parameters
    ----------
    label : str
        The service.
    mean, lower95, upper95 : float
        Days, >= 0; NaN = not known.
    """

    label: str
    mean: float
    lower95: float
    upper95: float
