"""The fixed words of SPC: special causes, variation, assurance and icons; figures in sentences.

Other people's scripts read these words in ``points.csv`` and ``summary.csv``: do not change them.
"""

from __future__ import annotations

import math
from datetime import date

from wholesystem.indicators.periods import MONTHS

# Codes of the rules, in their order of precedence; 0 = none.
OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE, ASTRONOMICAL = 1, 2, 3, 4, 5

COMMON = "common cause"
IMPROVEMENT = "improvement"
CONCERN = "concern"
NEUTRAL = "neutral change"

PASSES = "consistently passes"
FAILS = "consistently fails"
HIT_OR_MISS = "hit or miss"

#: What may be said of a direction: is high or low better, or neither?
BETTER = ("high", "low", "neither")

# Name of each icon with the words of a cell in its place.
VARIATION_ICONS = {
    "common_cause": "Common cause",
    "improvement_high": "Improvement (high)",
    "improvement_low": "Improvement (low)",
    "concern_high": "Concern (high)",
    "concern_low": "Concern (low)",
    "neutral_high": "Neutral change (high)",
    "neutral_low": "Neutral change (low)",
    "too_few_points": "Too few points",
}
ASSURANCE_ICONS = {
    "passes": "Consistently passes",
    "fails": "Consistently fails",
    "hit_or_miss": "Hit or miss",
    "too_few_points": "Too few points",
    "": "No target",
}

_COUNTS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty"
).split()
#: Names of the months where room is short.
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)


def count_word(count: int) -> str:
    """A whole number as a word up to twenty, in digits from there.

    Parameters
    ----------
    count : int
        At least 0.

    Returns
    -------
    str
        Such as ``seven``.
    """
    return _COUNTS[count] if count < len(_COUNTS) else str(count)


def cause_words(run_length: int, trend_length: int | None = None) -> tuple[str, ...]:
    """Words of each rule's code in ``points.csv``.

    Parameters
    ----------
    run_length : int
        Points that make a run on one side.
    trend_length : int, optional
        Points that make a trend; `run_length` if not given.

    Returns
    -------
    tuple of str
        By code; the first is empty.

    Examples
    --------
    >>> cause_words(7)[1:5]
    ('outside limits', 'seven rising or falling', 'two of three near a limit', 'seven one side')
    """
    trend = run_length if trend_length is None else trend_length
    return (
        "",
        "outside limits",
        f"{count_word(trend)} rising or falling",
        "two of three near a limit",
        f"{count_word(run_length)} one side",
        "astronomical point",
    )


def variation_word(cause: int, direction: int, better: str) -> str:
    """Kind of variation of a point.

    Parameters
    ----------
    cause : int
        Code of a rule; 0 = none.
    direction : int
        1 = high or rising, -1 = low or falling.
    better : str
        ``high``, ``low`` or ``neither``.

    Returns
    -------
    str
        ``common cause``, ``improvement``, ``concern`` or ``neutral change``.
    """
    if cause == 0 or direction == 0:
        return COMMON
    if better == "neither":
        return NEUTRAL
    return IMPROVEMENT if (direction > 0) == (better == "high") else CONCERN


def variation_icon(word: str, direction: int) -> str:
    """Name of the icon of a kind of variation.

    Parameters
    ----------
    word : str
        From `variation_word`.
    direction : int
        1 = high or rising, -1 = low or falling.

    Returns
    -------
    str
        A key of `VARIATION_ICONS`.
    """
    if word == COMMON:
        return "common_cause"
    return f"{word.partition(' ')[0]}_{'high' if direction > 0 else 'low'}"


def assurance_word(target: float, lower: float, upper: float, better: str) -> str:
    """Whether the process, left as it is, will meet a target.

    Parameters
    ----------
    target : float
        NaN = none.
    lower, upper : float
        Limits of the last point; NaN = none.
    better : str
        ``high``, ``low`` or ``neither``.

    Returns
    -------
    str
        ``consistently passes``, ``consistently fails``, ``hit or miss``; empty without a target,
        without limits, or where neither direction is better.
    """
    if better == "neither" or any(math.isnan(one) for one in (target, lower, upper)):
        return ""
    room = 1e-12 * max(abs(target), abs(lower), abs(upper))
    if target > upper + room:
        return FAILS if better == "high" else PASSES
    if target < lower - room:
        return PASSES if better == "high" else FAILS
    return HIT_OR_MISS


def assurance_icon(word: str) -> str:
    """Name of the icon of an assurance.

    Parameters
    ----------
    word : str
        From `assurance_word`.

    Returns
    -------
    str
        A key of `ASSURANCE_ICONS`; empty where there is none.
    """
    return {PASSES: "passes", FAILS: "fails", HIT_OR_MISS: "hit_or_miss"}.get(word, "")


def icon_words(icon: str) -> str:
    """Words that stand in a cell in an icon's place.

    Parameters
    ----------
    icon : str
        Name of an icon; empty = there is no target.

    Returns
    -------
    str
        Such as ``Improvement (low)`` or ``Hit or miss``.

    Examples
    --------
    >>> icon_words("concern_high"), icon_words("")
    ('Concern (high)', 'No target')
    """
    return VARIATION_ICONS.get(icon) or ASSURANCE_ICONS[icon]


def format_value(value: float | None, decimals: int | None = None) -> str:
    """A number as sentences, charts and tables write it, with thousands commas.

    Parameters
    ----------
    value : float or None
        The number; None, NaN or infinite = not known.
    decimals : int, optional
        Decimals to write, 0 to 13; by size if not given: none from 1,000, one from 10, two from
        1, else three significant figures.

    Returns
    -------
    str
        Empty where the number is not known; never ``-0``.

    Examples
    --------
    >>> format_value(6413.7), format_value(12.345), format_value(0.00123), format_value(-0.001, 1)
    ('6,414', '12.3', '0.00123', '0.0')
    """
    if value is None or not math.isfinite(value):
        return ""
    if abs(value) >= 1e15:
        return f"{value:.3g}"
    if decimals is None:
        decimals = _decimals_by_size(abs(value))
    text = f"{value:,.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def _decimals_by_size(size: float) -> int:
    if size == 0 or (size < 1e9 and size == int(size)):
        return 0
    return decimals_of_size(size)


def decimals_of_size(size: float) -> int:
    """Decimals of figures of a size: none from 1,000, one from 10, two from 1, else three figures.

    Parameters
    ----------
    size : float
        Of the largest figure, without sign.

    Returns
    -------
    int
        0 to 13.
    """
    if size >= 1 or size == 0:
        return 0 if size >= 1000 else 1 if size >= 10 else 2
    return min(13, 2 - math.floor(math.log10(size)))


def with_unit(text: str, unit: str) -> str:
    """A number already written, with its unit.

    Parameters
    ----------
    text : str
        The number.
    unit : str
        A sign such as ``%`` follows at once, a word after a space; may be empty.

    Returns
    -------
    str
        Number and unit.
    """
    return text + unit if unit == "%" else f"{text} {unit}".rstrip()


def date_words(day: date, *, by_month: bool) -> str:
    """A day or month in words.

    Parameters
    ----------
    day : date
        The day.
    by_month : bool
        Whether only the month counts.

    Returns
    -------
    str
        Such as ``Jun 2017`` or ``3 Jun 2017``.
    """
    month = f"{SHORT_MONTHS[day.month - 1]} {day.year}"
    return month if by_month else f"{day.day} {month}"
