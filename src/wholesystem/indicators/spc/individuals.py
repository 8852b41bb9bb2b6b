"""The XmR chart: single figures in time, with limits from their moving ranges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wholesystem.indicators.spc.chart import Xmr, common_settings, judged, limits_by_phase
from wholesystem.indicators.spc.rules import LIMIT, Limits, mean_moving_range, spread_limits
from wholesystem.indicators.spc.series import Options, make_series


def xmr(
    dates: Iterable[Any],
    values: Iterable[float | None],
    *,
    target: Any = None,
    better: str = "high",
    rebase: Sequence[Any] = (),
    exclude: Sequence[Any] = (),
    screen_outliers: bool = False,
    run_length: int = 7,
    baseline: int | None = None,
    gaps: bool = True,
    count_beyond: bool = False,
    title: str = "",
    unit: str = "",
    decimals: int | None = None,
) -> Xmr:
    """An XmR chart, read as the NHS programme Making Data Count reads it.

    Parameters
    ----------
    dates : iterable of date, datetime, datetime64 or str
        Day of each figure, or a day of its period (the same in each); any order.
    values : iterable of float or None
        Figures; None or NaN = missing: a gap.
    target : float, sequence of float, or pairs of (date, float), optional
        One for all; one for each value; or the target from each date on. NaN = none then.
    better : str
        ``high``, ``low`` or ``neither``: which way is an improvement.
    rebase : sequence of Rebase, date, or (date, reason)
        Days from which mean and limits start anew. Never found automatically.
    exclude : sequence of Exclusion, date, or (date, reason)
        Points drawn but not counted, in limits or rules. Each is a gap.
    screen_outliers : bool
        Whether to leave out moving ranges above 3.267 times their mean and take the mean again,
        as the R package NHSRplotthedots does unless told; the NHS Excel tool does not.
    run_length : int
        Points that make a trend or a run on one side: 7, or 6 as an older reading has it; from 4
        to 20.
    baseline : int, optional
        Work mean and limits out on the first points of each phase, this many, and hold them; at
        least 2.
    gaps : bool
        Whether an absent period is a gap. False = only a missing value is one.
    count_beyond : bool
        Whether points outside the limits count in the rule of two of three, as in the NHS Excel
        tool since the end of 2023; the R package does not count them.
    title, unit : str
        What the figures are, and of what unit, such as ``%``.
    decimals : int, optional
        Decimals of figures in sentences; by size if not given.

    Returns
    -------
    Xmr
        With `points`, `summary` and more.

    Raises
    ------
    ParameterError
        With every fault of the series and options.

    Notes
    -----
    Limits are mean +/- 2.66 times the mean moving range: three standard deviations, since the mean
    range of two draws is 1.128 standard deviations and 3 / 1.128 = 2.66. Near limits lie at two
    thirds of that. A point breaks, in this order of precedence, (1) outside limits, (2) seven
    rising or falling, (3) two of three near a limit on one side of the mean, (4) seven on one
    side. A point equal to the mean breaks a run. A gap breaks moving ranges, runs, trends and
    threes.

    References
    ----------
    NHS England, Making Data Count. Wheeler (2000), Understanding Variation. NHS-R Community,
    NHSRplotthedots 0.2 (documented behaviour).

    Examples
    --------
    >>> chart = xmr(["2017-04-01", "2017-05-01", "2017-06-01", "2017-07-01"], [3, 5, 4, 6])
    >>> chart.summary.mean, round(chart.summary.upper, 2), chart.summary.variation
    (4.5, 8.93, 'common cause')
    """
    options = Options(
        target=target,
        better=better,
        rebase=rebase,
        exclude=exclude,
        baseline=baseline,
        run_length=run_length,
        gaps=gaps,
        count_beyond=count_beyond,
        title=title,
        unit=unit,
        decimals=decimals,
    )
    series = make_series(dates, values, options)
    found: list[float] = []

    def of_phase(part: slice) -> Limits:
        base = series.base[part]
        figures = series.values[part]
        found.append(mean_moving_range(figures, series.base_joined(part), screen_outliers))
        centre = float(figures[base].mean()) if base.any() else float("nan")
        return spread_limits(centre, LIMIT / 3 * found[-1], figures.size)

    limits = limits_by_phase(series, of_phase)
    causes, directions = judged(series, limits, options)
    return Xmr(
        kind="xmr",
        series=series,
        limits=limits,
        causes=causes,
        directions=directions,
        mean_moving_ranges=tuple(found),
        screen_outliers=screen_outliers,
        **common_settings(options),
    )
