"""The words of a comparison: places, fifths, differences and their tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wholesystem.indicators.intervals import Interval, NoInterval
from wholesystem.indicators.spc.words import format_value, with_unit

if TYPE_CHECKING:
    from wholesystem.indicators.comparison import Comparison, Group, Versus

__all__ = ["compare_sentences", "ordinal", "place_words", "rank_words", "versus_sentence"]


def ordinal(place: int) -> str:
    """A place in words and figures.

    Parameters
    ----------
    place : int
        At least 1.

    Returns
    -------
    str
        ``1st``, ``2nd``, ``11th``, ``123rd``.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def rank_words(place: int, of: int, shared_with: int, better: str) -> str:
    """A rank with what it counts from.

    Parameters
    ----------
    place, of : int
        Place, and areas with a figure.
    shared_with : int
        Other areas at the same place.
    better : str
        ``low``, ``high`` or ``none``.

    Returns
    -------
    str
        Such as ``joint 4th of 151 (1st is lowest, which is best)``.

    Examples
    --------
    >>> rank_words(4, 151, 2, "low")
    'joint 4th of 151 (1st is lowest, which is best)'
    >>> rank_words(1, 9, 0, "none")
    '1st of 9 (1st is highest; neither direction is better)'
    """
    end = {
        "low": "1st is lowest, which is best",
        "high": "1st is highest, which is best",
        "none": "1st is highest; neither direction is better",
    }[better]
    return f"{'joint ' if shared_with else ''}{ordinal(place)} of {of} ({end})"


def place_words(fifth: int | None, better: str) -> str:
    """A fifth in words.

    Parameters
    ----------
    fifth : int or None
        1 to 5, from the best or the highest; None for none.
    better : str
        ``low``, ``high`` or ``none``.

    Returns
    -------
    str
        ``best fifth``, ``second best fifth``, ``middle fifth``, ``second worst fifth``, ``worst
        fifth``, or the same with highest and lowest; empty for None.
    """
    if fifth is None:
        return ""
    top, foot = ("highest", "lowest") if better == "none" else ("best", "worst")
    return (
        f"{top} fifth",
        f"second {top} fifth",
        "middle fifth",
        f"second {foot} fifth",
        f"{foot} fifth",
    )[fifth - 1]


def _interval_words(versus: Versus, decimals: int, said: str) -> str:
    found = versus.interval
    if isinstance(found, NoInterval):
        return "Not tested." if found.reason == said else f"Not tested. {found.reason}"
    percent = f"{found.level * 100:g}%"
    if versus.of_ratio:
        return (
            f"Ratio {versus.ratio:.2f} ({percent} interval {found.lower:.2f} to"
            f" {found.upper:.2f}): {versus.verdict}."
        )
    lower, upper = format_value(found.lower, decimals), format_value(found.upper, decimals)
    return f"{percent} interval of the difference {lower} to {upper}: {versus.verdict}."


def versus_sentence(
    versus: Versus, area: str, decimals: int = 1, unit: str = "", *, said: str = ""
) -> str:
    """One comparison as text.

    Parameters
    ----------
    versus : Versus
        The comparison.
    area : str
        Name of the area.
    decimals : int
        Of the figures, at least 0.
    unit : str
        After the figures; empty for none.
    said : str
        A reason for having no interval that the reader has read already.

    Returns
    -------
    str
        Two or three sentences.
    """
    if versus.value is None:
        return f"{versus.name}: no figure ({versus.basis})."
    figure = with_unit(format_value(versus.value, decimals), unit)
    what = f"{versus.name}: {figure} ({versus.basis})."
    if versus.difference is None:
        reason = versus.interval.reason if isinstance(versus.interval, NoInterval) else ""
        return f"{what} Not compared. {reason}".rstrip()
    size = format_value(abs(versus.difference), decimals)
    same = "is the same" if not versus.difference else "is the same to the decimals shown"
    how = f"is {size} {versus.direction}" if size.strip("0.,") else same
    return f"{what} {area} {how}. {_interval_words(versus, decimals, said)}"


def _group_sentences(group: Group, decimals: int, unit: str) -> list[str]:
    if group.lowest is None or group.highest is None or group.median is None:
        return [f"None of the {len(group.codes)} comparators has a figure."]
    lines = [
        f"The {group.with_figure} comparators with a figure range from"
        f" {format_value(group.lowest[1], decimals)} ({group.lowest[0]}) to"
        f" {format_value(group.highest[1], decimals)} ({group.highest[0]}); their median is"
        f" {format_value(group.median, decimals)}."
    ]
    if group.missing:
        gone = "; ".join(f"{name}: {why}" for name, why in group.missing)
        lines.append(f"{len(group.missing)} of {len(group.codes)} have none ({gone}).")
    return lines


def compare_sentences(comparison: Comparison, decimals: int = 1, unit: str = "") -> tuple[str, ...]:
    """All that a comparison says, as sentences to stand under its picture.

    Parameters
    ----------
    comparison : Comparison
        One area, one period.
    decimals : int
        Of the figures, at least 0.
    unit : str
        After the figures; empty for none.

    Returns
    -------
    tuple of str
        In reading order.
    """
    area = comparison.area
    if comparison.value is None:
        lines = [f"{area} has no figure: {comparison.missing_because}."]
    else:
        lines = [_own_sentence(comparison, decimals, unit)]
    if comparison.rank is not None:
        fifth = f", in the {comparison.rank.fifth_words}" if comparison.rank.fifth_words else ""
        lines.append(f"{area} is {comparison.rank.words}{fifth}.")
    own = comparison.interval
    said = own.reason if isinstance(own, NoInterval) and comparison.value is not None else ""
    group = comparison.comparators
    region = comparison.region
    # No file is published by region, so a missing sum of one says nothing.
    region = None if region is None or region.value is None else region
    for versus in (comparison.england, region, group.versus if group else None):
        if versus is not None:
            lines.append(versus_sentence(versus, area, decimals, unit, said=said))
    if comparison.comparators is not None:
        lines += _group_sentences(comparison.comparators, decimals, unit)
    return (*lines, *_missing_sentence(comparison), *comparison.cautions)


def _own_sentence(comparison: Comparison, decimals: int, unit: str) -> str:
    figure = with_unit(format_value(comparison.value, decimals), unit)
    text = f"{comparison.area}: {figure}"
    found = comparison.interval
    if isinstance(found, Interval):
        lower, upper = format_value(found.lower, decimals), format_value(found.upper, decimals)
        return f"{text} ({found.level * 100:g}% interval {lower} to {upper}, {found.method})."
    return f"{text}. {found.reason}"


def _missing_sentence(comparison: Comparison) -> tuple[str, ...]:
    many = sum(count for _, count in comparison.without_figure)
    if not many:
        return ()
    why = "; ".join(f"{count} {reason}" for reason, count in comparison.without_figure)
    return (f"{many} of {comparison.areas} areas have no figure: {why}.",)
