"""The T chart: time between rare events, where a count would be 0 or 1 in most periods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from wholesystem.errors import ParameterError
from wholesystem.indicators.spc.chart import Chart, common_settings, judged, limits_by_phase
from wholesystem.indicators.spc.rules import (
    LIMIT,
    Floats,
    Limits,
    mean_moving_range,
    spread_limits,
)
from wholesystem.indicators.spc.series import Options, make_series

#: Times between events that happen by chance follow an exponential distribution; raised to this
#: power they are nearly normal (Nelson 1994).
POWER = 1 / 3.6


def t_chart(
    events: Iterable[Any],
    days_between: Iterable[float | None] | None = None,
    **options: Unpack[Options],
) -> Chart:
    """A T chart: days between events, such as serious incidents.

    Parameters
    ----------
    events : iterable of date, datetime, datetime64 or str
        Days of the events; more than one may fall on a day.
    days_between : iterable of float or None, optional
        Days since the event before, >= 0, one for each event; worked out from the dates if not
        given (the first event then has none).
    **options : Options
        As for `xmr`. Long times are high: `better` is ``high`` for harm.

    Returns
    -------
    Chart
        In days. A lower limit that would be below 0 is 0.

    Raises
    ------
    ParameterError
        With every fault of the dates, times and options; fewer than three events.

    Notes
    -----
    Times are raised to the power 1/3.6, an XmR chart is made of the result and judged by the four
    rules, and its lines are raised to the power 3.6 again.

    References
    ----------
    Nelson (1994), A control chart for parts-per-million nonconforming items, Journal of Quality
    Technology 26(3), 239-240. Provost and Murray (2011), The Health Care Data Guide, chapter 7.
    """
    options["gaps"] = False  # events come when they come
    days = np.array(list(events))
    if days_between is None:
        days, between = _between(days, options)
    else:
        between = np.array(list(days_between), dtype=np.float64)
        if (between < 0).any():
            raise ParameterError("A time between events is negative. Give days, 0 or more.")
    series = make_series(days, between, options, twice=True)
    with np.errstate(invalid="ignore"):
        bent = replace(series, values=series.values**POWER)

    def of_phase(part: slice) -> Limits:
        base = series.base[part]
        centre = float(bent.values[part][base].mean()) if base.any() else float("nan")
        sigma = (
            LIMIT / 3 * mean_moving_range(bent.values[part], series.base_joined(part), screen=False)
        )
        return spread_limits(centre, sigma, base.size)

    found = limits_by_phase(series, of_phase)
    causes, directions = judged(bent, found, options)
    settings = common_settings(options)
    settings["unit"] = settings["unit"] or "days"
    return Chart(
        kind="t",
        series=series,
        limits=Limits(*(_straight(one) for one in found)),
        causes=causes,
        directions=directions,
        **settings,
    )


def _between(events: Any, options: Options) -> tuple[Any, Floats]:
    """Days of the events in order, and the days since the one before; the first is missing."""
    order = make_series(events, np.zeros(len(events)), Options(), twice=True)
    if len(events) < 3:
        raise ParameterError(
            f"There are {len(events)} events. A T chart needs at least 3. Give more events."
        )
    between = np.full(len(events), np.nan)
    between[1:] = np.diff(order.dates).astype(np.float64)
    return order.dates, between


def _straight(line: Floats) -> Floats:
    """From the bent scale to days; below 0 is 0."""
    back: Floats = np.clip(line, 0.0, None) ** (1 / POWER)
    return back
