"""The figures of a programme as tables: every area, each indicator in short, and outliers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from wholesystem.indicators.periods import period_label
from wholesystem.indicators.profile.standouts import StandOut
from wholesystem.indicators.profile.standouts import rules as stand_out_rules
from wholesystem.indicators.spc.words import icon_words
from wholesystem.reviews.programme.figures import AreaFigure, ProgrammeIndicator
from wholesystem.reviews.programme.tables import Programme
from wholesystem.reviews.result_tables import ResultColumn, ResultTable, Value
from wholesystem.reviews.rules_table import Rules

__all__ = ["indicator_summary_table", "indicators_table", "outliers_table"]


def indicators_table(
    programme: Programme,
    indicators: Sequence[ProgrammeIndicator],
    older_people: Mapping[str, float],
    rules: Rules,
) -> ResultTable:
    """Every indicator of every area.

    Parameters
    ----------
    programme : Programme
        Whose areas.
    indicators : sequence of ProgrammeIndicator
        From `programme_indicators`.
    older_people : mapping of str to float
        People aged 65 and over by area code.
    rules : Rules
        Of the programme.

    Returns
    -------
    ResultTable
        In the order of indicators and areas; an area without a figure is there, with why.
    """
    smallest = rules.threshold("small_area")
    rows = [
        _row(one, figure, older_people.get(figure.area_code), smallest)
        for one in indicators
        for figure in one.areas
    ]
    names = {one.area_code: one.area for one in programme.areas}
    small = [names[code] for code, people in older_people.items() if people < smallest]
    notes = [
        "All areas of an indicator stand in one period: the latest of which at least half of those"
        " with a figure have one. Variation is read from each area's own chart up to its own"
        " latest figure, whose day is beside it.",
    ]
    if small:
        notes.append(
            f"Fewer than {smallest:,.0f} people aged 65 and over live in {', '.join(small)}:"
            " their figures swing more by chance."
        )
    unknown = [one.area for one in programme.areas if one.area_code not in older_people]
    if unknown:
        notes.append(f"The number of older people is not known of {', '.join(unknown)}.")
    notes += _gap_notes(indicators)
    return ResultTable(
        "indicators", "Indicators across the areas", _COLUMNS, tuple(rows), tuple(notes)
    )


def _gap_notes(indicators: Sequence[ProgrammeIndicator]) -> Iterator[str]:
    gone = [one.indicator.name for one in indicators if one.period is None]
    if gone:
        yield f"The store has no figure of any area of: {'; '.join(gone)}."
    reasons: dict[str, list[str]] = {}
    for one in indicators:
        if one.period is not None and one.no_funnel_because:
            reasons.setdefault(one.no_funnel_because, []).append(one.indicator.name)
    for why, names in reasons.items():
        yield f"No funnel of: {'; '.join(names)}. {why}"


_COLUMNS = (
    ResultColumn("indicator", "Id"),
    ResultColumn("name", "Indicator"),
    ResultColumn("area_code", "Code"),
    ResultColumn("area", "Area"),
    ResultColumn("period_start", "From"),
    ResultColumn("period_end", "To"),
    ResultColumn("value", "Value", decimals=1),
    ResultColumn("unit", "Unit"),
    ResultColumn("numerator", "Numerator"),
    ResultColumn("denominator", "Denominator"),
    ResultColumn("missing_because", "Why there is none"),
    ResultColumn("place", "Place in the programme"),
    ResultColumn("place_words", "Place in the programme, in words"),
    ResultColumn("england", "England", decimals=1),
    ResultColumn("england_ratio", "Over England's", decimals=2),
    ResultColumn("england_verdict", "Against England"),
    ResultColumn("place_of_all", "Place among all in the store"),
    ResultColumn("funnel", "Funnel"),
    ResultColumn("variation", "Variation"),
    ResultColumn("special_cause", "Special cause"),
    ResultColumn("chart_mean", "Mean of the chart", decimals=1),
    ResultColumn("chart_to", "Chart up to"),
    ResultColumn("people_65_plus", "People aged 65 and over"),
    ResultColumn("small_area", "Small area"),
    ResultColumn("cautions", "To be known"),
    ResultColumn("source", "File, sheet and cell"),
)


def _row(
    one: ProgrammeIndicator, figure: AreaFigure, people: float | None, smallest: float
) -> tuple[Value, ...]:
    comparison = figure.comparison
    england = None if comparison is None else comparison.england
    rank = None if comparison is None else comparison.rank
    start, end = one.period or (None, None)
    return (
        one.indicator.indicator,
        one.indicator.name,
        figure.area_code,
        figure.area,
        start,
        end,
        figure.value,
        one.indicator.unit,
        figure.numerator,
        figure.denominator,
        figure.missing_because,
        figure.place,
        figure.place_words,
        None if england is None else england.value,
        None if england is None else england.ratio,
        "" if england is None else england.verdict,
        "" if rank is None else rank.words,
        figure.funnel_words or ("no funnel" if figure.value is not None else ""),
        *_chart(figure),
        people,
        "" if people is None else "yes" if people < smallest else "no",
        "" if comparison is None else " ".join(comparison.cautions),
        figure.source,
    )


def _chart(figure: AreaFigure) -> tuple[Value, ...]:
    chart = None if figure.profile is None else figure.profile.chart
    if figure.profile is None or chart is None:
        return "too few figures for a chart", "", None, None
    summary = chart.summary
    latest = figure.profile.periods[figure.profile.latest][1]
    mean = None if np.isnan(summary.mean) else float(summary.mean)
    return icon_words(summary.variation_icon), summary.special_cause, mean, latest


def indicator_summary_table(indicators: Sequence[ProgrammeIndicator]) -> ResultTable:
    """Each indicator in one row: how its areas spread, and which way they go.

    Parameters
    ----------
    indicators : sequence of ProgrammeIndicator
        From `programme_indicators`.

    Returns
    -------
    ResultTable
        In the order of indicators.
    """
    return ResultTable(
        "indicator_summary",
        "Indicators in short",
        (
            ResultColumn("indicator", "Id"),
            ResultColumn("name", "Indicator"),
            ResultColumn("period", "Period"),
            ResultColumn("unit", "Unit"),
            ResultColumn("areas_with_figure", "Areas with a figure"),
            ResultColumn("areas", "Areas of the programme"),
            ResultColumn("median", "Median of the areas", decimals=1),
            ResultColumn("lowest", "Lowest", decimals=1),
            ResultColumn("lowest_area", "Lowest in"),
            ResultColumn("highest", "Highest", decimals=1),
            ResultColumn("highest_area", "Highest in"),
            ResultColumn("england", "England", decimals=1),
            ResultColumn("charts", "Areas with a chart of 12 points or more"),
            ResultColumn("improvement", "Improvement in"),
            ResultColumn("concern", "Concern in"),
            ResultColumn("neutral_change", "Neutral change in"),
            ResultColumn("common_cause", "Common cause in"),
            ResultColumn("areas_in_store", "Areas in the store with a figure"),
            ResultColumn("councils", "Councils of England then"),
            ResultColumn("no_funnel_because", "Why there is no funnel"),
        ),
        tuple(_short(one) for one in indicators),
        (
            "The median counts each area once. Places among all in the store are places in England"
            " only where the store has the figures of all councils.",
        ),
    )


def _short(one: ProgrammeIndicator) -> tuple[Value, ...]:
    known = sorted(one.known, key=lambda figure: figure.value or 0.0)
    values = [figure.value for figure in known if figure.value is not None]
    words = Counter(
        figure.profile.chart.summary.variation
        for figure in one.areas
        if _has_chart(figure) and figure.profile and figure.profile.chart
    )
    compared = next((figure.comparison for figure in known if figure.comparison), None)
    england = None if compared is None or compared.england is None else compared.england.value
    return (
        one.indicator.indicator,
        one.indicator.name,
        None if one.period is None else period_label(*one.period),
        one.indicator.unit,
        len(known),
        len(one.areas),
        float(np.median(values)) if values else None,
        values[0] if values else None,
        known[0].area if known else None,
        values[-1] if values else None,
        known[-1].area if known else None,
        england,
        sum(words.values()),
        words["improvement"],
        words["concern"],
        words["neutral change"],
        words["common cause"],
        one.everyone,
        one.councils if one.period else None,
        one.no_funnel_because,
    )


def outliers_table(
    programme: Programme,
    stand_outs: Mapping[str, tuple[StandOut, ...]],
    indicators: Sequence[ProgrammeIndicator],
) -> ResultTable:
    """Areas that stand out by the rules of the profile, the funnel's among them.

    Parameters
    ----------
    programme : Programme
        Whose areas.
    stand_outs : mapping of str to tuple of StandOut
        By area code.
    indicators : sequence of ProgrammeIndicator
        From `programme_indicators`.

    Returns
    -------
    ResultTable
        The weightiest first. What changed in an area's own chart is in it too.
    """
    by_rule = {one.rule: one for one in stand_out_rules()}
    sources = {
        (one.indicator.indicator, figure.area_code): _latest_source(figure)
        for one in indicators
        for figure in one.areas
    }
    found = [
        (area, one)
        for area in programme.areas
        for one in stand_outs.get(area.area_code, ())
        if one.part != "data"
    ]
    found.sort(key=lambda pair: -pair[1].weight)
    rows = tuple(
        (
            area.area_code,
            area.area,
            one.id,
            one.name,
            one.part,
            one.rule,
            by_rule[one.rule].words,
            one.sentence,
            sources.get((one.id, area.area_code), ""),
        )
        for area, one in found
    )
    untested = [one.indicator.name for one in indicators if one.period and one.no_funnel_because]
    notes = [
        "Drawn by the rules of the profile, with their thresholds. An area outside a funnel"
        " differs by more than chance and the usual differences between areas explain; it is not"
        " for that a bad one.",
    ]
    charts = sum(_has_chart(figure) for one in indicators for figure in one.areas)
    if charts:
        notes.append(
            f"What changed is read from {charts} charts. The rules mark a point of a steady process"
            " now and then, so among many charts some marks are chance."
        )
    if untested:
        notes.append(f"No funnel could test: {'; '.join(untested)}.")
    notes += [
        f"{one.indicator.name}: the store has figures of {one.everyone} of England's"
        f" {one.councils} councils of that time, so the worst and best tenth are of these alone."
        for one in indicators
        if 0 < one.everyone < one.councils
    ]
    columns = (
        ResultColumn("area_code", "Code"),
        ResultColumn("area", "Area"),
        ResultColumn("indicator", "Id"),
        ResultColumn("name", "Indicator"),
        ResultColumn("part", "Part"),
        ResultColumn("rule", "Rule id"),
        ResultColumn("rule_words", "Rule"),
        ResultColumn("sentence", "In words"),
        ResultColumn("source", "File, sheet and cell"),
    )
    return ResultTable("outliers", "What stands out", columns, rows, tuple(notes))


def _has_chart(figure: AreaFigure) -> bool:
    chart = None if figure.profile is None else figure.profile.chart
    return chart is not None and not chart.is_trial


def _latest_source(figure: AreaFigure) -> str:
    if figure.profile is None:
        return ""
    return figure.profile.row.sources[figure.profile.latest]
