"""The rules of a chart in words, as told to it: what a reader needs to check its verdicts."""

from __future__ import annotations

from wholesystem.indicators.spc.chart import Chart, Xmr
from wholesystem.indicators.spc.series import TRIAL_POINTS
from wholesystem.indicators.spc.words import count_word

_LIMITS = {
    "xmr": (
        "Limits are the mean plus and minus 2.66 times the mean moving range, the mean difference"
        " of neighbouring points. That is three standard deviations: 2.66 = 3 / 1.128."
    ),
    "p": (
        "The mean is all cases over all bases. Limits are three standard deviations of a share on"
        " each base, so they vary with it."
    ),
    "u": (
        "The mean is all events over all bases. Limits are three standard deviations of a Poisson"
        " count on each base, so they vary with it."
    ),
    "c": "Limits are the mean count plus and minus three times its square root, never below 0.",
    "t": (
        "Days between events are raised to the power 1/3.6, which makes times between chance"
        " events nearly normal; limits are worked out as for single figures and turned back."
    ),
}


def rules_in_words(chart: Chart, *, count_beyond: bool = False) -> tuple[str, ...]:
    """Every rule that a chart was read by.

    Parameters
    ----------
    chart : Chart
        Worked out.
    count_beyond : bool
        Whether points outside the limits counted in the rule of two of three.

    Returns
    -------
    tuple of str
        Sentences.
    """
    if chart.kind == "run":
        return _of_run_chart(chart)
    count = count_word(chart.run_length)
    near = "near the limit or beyond it" if count_beyond else "near the limit and within it"
    rules = [
        _LIMITS[chart.kind],
        "Rule 1, outside limits: a point above the upper or below the lower limit.",
        f"Rule 2, {count} rising or falling: {count} points in a row, each above (or each below)"
        " the one before. All of them are marked. Equal neighbours break it.",
        "Rule 3, two of three near a limit: of three points in a row on one side of the mean, two"
        f" lie {near}: over two thirds of the way from the mean. Those two are marked.",
        f"Rule 4, {count} one side: {count} points in a row above (or below) the mean. All of them"
        " are marked. A point equal to the mean breaks it.",
        "Where a point breaks more than one rule, the first of them is given.",
    ]
    rules += _switches(chart)
    return (*rules, *_always(chart))


def _switches(chart: Chart) -> list[str]:
    if not isinstance(chart, Xmr):
        return []
    if chart.screen_outliers:
        return [
            "Moving ranges above 3.267 times their mean were left out and the mean taken again, as"
            " the R package NHSRplotthedots does; the NHS Excel tool does not."
        ]
    return ["Outlying moving ranges were not screened out, as in the NHS Excel tool."]


def _always(chart: Chart) -> list[str]:
    limits = "The median" if chart.kind == "run" else "Limits"
    rest = "rests" if chart.kind == "run" else "rest"
    words = [
        "A period that is absent, missing or not counted is a gap: no run, trend or moving range"
        " reaches across it.",
        f"{limits} on fewer than {count_word(TRIAL_POINTS)} points"
        f" {'is' if chart.kind == 'run' else 'are'} provisional. Nothing is rebased automatically.",
    ]
    if chart.series.rebases:
        words.append(f"{limits} {rest} on each phase by itself, and no rule reaches across phases.")
    if chart.kind != "run":
        words.append(
            "Assurance is judged on the limits of the last point: where the target lies beyond a"
            " limit the process passes or fails it consistently, else it is hit or miss."
        )
    return words


def _of_run_chart(chart: Chart) -> tuple[str, ...]:
    shift, trend = count_word(chart.run_length), count_word(chart.trend_length or 5)
    return (
        "The line is the median. A run chart has no limits.",
        f"Shift: {shift} or more points in a row above (or below) the median; points on it are"
        " passed over.",
        f"Trend: {trend} or more points in a row that rise (or fall); equal neighbours are passed"
        " over.",
        "Too few or too many runs about the median: a number that chance gives at most 2.5 times"
        " in 100 (Swed and Eisenhart 1943).",
        "Astronomical points are marked by hand.",
        *_always(chart),
    )
