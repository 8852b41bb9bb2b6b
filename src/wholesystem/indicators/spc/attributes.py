"""Charts of counts: P (share), U (rate) and C (count), with limits from the counts themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np

from wholesystem.errors import ParameterError
from wholesystem.indicators.spc.chart import Chart, common_settings, judged, limits_by_phase
from wholesystem.indicators.spc.rules import D2, Floats, Limits, spread_limits
from wholesystem.indicators.spc.series import Options, Series, make_series


def p_chart(
    dates: Iterable[Any],
    counts: Iterable[float | None],
    bases: Iterable[float | None],
    *,
    per: float = 100.0,
    overdispersion: bool = False,
    **options: Unpack[Options],
) -> Chart:
    """A P chart: a share of countable cases, such as people seen within four hours.

    Parameters
    ----------
    dates : iterable
        As for `xmr`.
    counts, bases : iterable of float or None
        Cases counted and cases that could have been, ``0 <= count <= base`` and ``base > 0``; None
        in either = missing.
    per : float
        What a share is multiplied by: 100 for per cent, 1 for a fraction; above 0.
    overdispersion : bool
        Whether to widen or narrow the limits by the spread of the figures themselves (Laney's P'
        chart). With bases of thousands a plain P chart flags nearly every point.
    **options : Options
        As for `xmr`; `target` is in the unit of the chart.

    Returns
    -------
    Chart
        Its limits vary with the base, never below 0 or above `per`.

    Raises
    ------
    ParameterError
        With every fault of the figures and options.

    Notes
    -----
    Centre p = sum of counts / sum of bases; standard deviation sqrt(p (1 - p) / base); limits at
    three of them, near limits at two. P' multiplies them by the mean moving range of
    (share - p) / standard deviation, over 1.128. The four rules are those of `xmr`.

    References
    ----------
    Montgomery (2013), Introduction to Statistical Quality Control, 7th edition, section 7.2.
    Laney (2002), Improved control charts for attributes, Quality Engineering 14(4), 531-537.
    """
    return _of_counts("p", dates, counts, bases, per, overdispersion, options)


def u_chart(
    dates: Iterable[Any],
    counts: Iterable[float | None],
    bases: Iterable[float | None],
    *,
    per: float = 1.0,
    overdispersion: bool = False,
    **options: Unpack[Options],
) -> Chart:
    """A U chart: a rate of events that may happen more than once, such as falls by bed days.

    Parameters
    ----------
    dates : iterable
        As for `xmr`.
    counts, bases : iterable of float or None
        Events (>= 0) and what they could happen in (> 0); None in either = missing.
    per : float
        What a rate is multiplied by, such as 1,000 for events per 1,000 bed days; above 0.
    overdispersion : bool
        As for `p_chart` (Laney's U' chart).
    **options : Options
        As for `xmr`.

    Returns
    -------
    Chart
        Its limits vary with the base, never below 0.

    Raises
    ------
    ParameterError
        With every fault of the figures and options.

    Notes
    -----
    Centre u = sum of counts / sum of bases; standard deviation sqrt(u / base). Days that people
    were delayed are no such events: one person brings many. Use `xmr` for them.

    References
    ----------
    Montgomery (2013), section 7.3. Laney (2002), as for `p_chart`.
    """
    return _of_counts("u", dates, counts, bases, per, overdispersion, options)


def c_chart(
    dates: Iterable[Any], counts: Iterable[float | None], **options: Unpack[Options]
) -> Chart:
    """A C chart: a count of events in periods of one size.

    Parameters
    ----------
    dates : iterable
        As for `xmr`.
    counts : iterable of float or None
        Events, >= 0; None = missing.
    **options : Options
        As for `xmr`.

    Returns
    -------
    Chart
        Centre c = mean count; limits c +/- 3 sqrt(c), never below 0.

    Raises
    ------
    ParameterError
        With every fault of the figures and options.

    References
    ----------
    Montgomery (2013), section 7.3.
    """
    given = list(counts)
    bases = [None if one is None else 1.0 for one in given]
    return _of_counts("c", dates, given, bases, 1.0, False, options)


def _of_counts(
    kind: str,
    dates: Iterable[Any],
    counts: Iterable[float | None],
    bases: Iterable[float | None],
    per: float,
    overdispersion: bool,
    options: Options,
) -> Chart:
    if not (np.isfinite(per) and per > 0):
        raise ParameterError(f"per is {per}. It must be above 0. Use 100 for per cent.")
    events, sizes = (np.array(list(one), dtype=np.float64) for one in (counts, bases))
    _check_counts(kind, events, sizes)
    with np.errstate(invalid="ignore", divide="ignore"):
        series = make_series(dates, per * events / sizes, options)
    events, sizes = events[series.order], sizes[series.order]

    def of_phase(part: slice) -> Limits:
        base = series.base[part]
        centre = float(events[part][base].sum() / sizes[part][base].sum()) if base.any() else np.nan
        sigma = _sigma(kind, centre, sizes[part])
        if overdispersion:
            sigma = sigma * _extra_spread(series, part, centre, sigma, per)
        found = spread_limits(np.full(base.size, centre * per), sigma * per, base.size)
        ceiling = per if kind == "p" else np.inf
        return Limits(*(np.clip(one, 0.0, ceiling) for one in found))

    limits = limits_by_phase(series, of_phase)
    causes, directions = judged(series, limits, options)
    return Chart(
        kind=kind,
        series=series,
        limits=limits,
        causes=causes,
        directions=directions,
        notes=_notes(kind, overdispersion),
        **common_settings(options),
    )


def _check_counts(kind: str, events: Floats, sizes: Floats) -> None:
    if events.size != sizes.size:
        raise ParameterError(
            f"There are {events.size} counts and {sizes.size} bases. Each count needs its base."
            " Give as many of one as of the other."
        )
    rules = [
        (np.isinf(events) | np.isinf(sizes), "Counts and bases must be finite."),
        (events < 0, "A count must be 0 or more."),
        (sizes <= 0, "A base must be above 0."),
    ]
    if kind == "p":
        rules.append((events > sizes, "A share cannot be over the whole: count <= base."))
    faults = [
        f"Value {place + 1}: {events[place]:g} of {sizes[place]:g}. {rule} Correct it."
        for wrong, rule in rules
        for place in np.flatnonzero(wrong).tolist()
    ]
    if faults:
        raise ParameterError("\n".join(faults[:10]))


def _sigma(kind: str, centre: float, sizes: Floats) -> Floats:
    variance = centre * (1 - centre) if kind == "p" else centre
    sigma: Floats = np.sqrt(variance / sizes)
    return sigma


def _extra_spread(series: Series, part: slice, centre: float, sigma: Floats, per: float) -> float:
    """Laney's factor: spread of the standardised figures from point to point."""
    joined = series.base_joined(part)
    if centre in (0.0, 1.0) or not joined.any():
        return 1.0
    scores = (series.values[part] / per - centre) / sigma
    return float(np.abs(np.diff(scores))[joined[1:]].mean()) / D2


def _notes(kind: str, overdispersion: bool) -> tuple[str, ...]:
    if overdispersion:
        return (f"Limits are those of Laney's {kind.upper()}' chart, which allows for spread beyond"
                " chance in the counts.",)  # fmt: skip
    return ()
