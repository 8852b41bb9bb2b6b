"""The page of charts of statistical process control: pictures, tables and the rules in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from wholesystem.indicators.spc.chart import Chart
from wholesystem.indicators.spc.rule_words import rules_in_words
from wholesystem.indicators.spc.series import day_text
from wholesystem.indicators.spc.words import format_value
from wholesystem.pictures.spc_chart import draw_spc_chart, latest_words, spc_chart_table
from wholesystem.pictures.tables import PictureTable
from wholesystem.pictures.wording import clean_text
from wholesystem.reports.page import Page, Picture, Section, render_page

__all__ = ["page_of_charts", "write_spc_page"]

READ_MORE = (
    "A point that breaks a rule shows that something has changed. It does not show what: look for"
    " the cause before acting.",
    "Diamonds are improvement, squares are concern, hexagons a change that is neither, small"
    " circles common cause. On the icons H stands for high or rising and L for low or falling; P"
    " passes the target, F fails it, ? may do either.",
)


def page_of_charts(
    charts: Mapping[str, Chart],
    *,
    title: str,
    source: str,
    notes: tuple[str, ...] = (),
    count_beyond: bool = False,
) -> tuple[Page, dict[str, str]]:
    """Page of one chart or several.

    Parameters
    ----------
    charts : mapping of str to Chart
        By name of the group; at least one.
    title : str
        Heading of the page.
    source : str
        Where the figures come from.
    notes : tuple of str
        What was noticed while reading them.
    count_beyond : bool
        As the charts were told, for the words of the rules.

    Returns
    -------
    page : Page
        With a table behind every picture.
    svgs : dict of str to str
        File name of each picture, with its SVG.
    """
    names = _file_names(list(charts))
    svgs = {
        names[group]: draw_spc_chart(chart, mark=f"chart-{place}")
        for place, (group, chart) in enumerate(charts.items(), start=1)
    }
    several = len(charts) > 1
    pictures = tuple(
        Picture(
            svg=svgs[names[group]],
            tables=(spc_chart_table(chart),),
            source=source,
            folded=several,
            heading=clean_text(group) if several else "",
            paragraphs=chart.summary.sentences if several else (),
        )
        for group, chart in charts.items()
    )
    first = next(iter(charts.values()))
    sections = (
        _summary_section(charts) if several else _verdict_section(first),
        Section("charts", "The charts" if several else "The chart", pictures=pictures),
        Section(
            "rules",
            "How it is read",
            paragraphs=READ_MORE,
            points=rules_in_words(first, count_beyond=count_beyond),
        ),
        Section("notes", "Notes on the figures", points=notes),
    )
    return Page(title=clean_text(title), lead=_lead(charts), sections=sections), svgs


def _lead(charts: Mapping[str, Chart]) -> str:
    kinds = {"xmr": "XmR", "run": "run"}
    first = next(iter(charts.values()))
    kind = kinds.get(first.kind, first.kind.upper())
    count = ("An" if kind == "XmR" else "A") if len(charts) == 1 else f"{len(charts)}"
    plural = "chart" if len(charts) == 1 else "charts"
    return f"{count} {kind} {plural}: which movements are real, and which are only variation."


def _verdict_section(chart: Chart) -> Section:
    return Section("verdict", "What it says", points=chart.summary.sentences)


def _summary_section(charts: Mapping[str, Chart]) -> Section:
    rows = []
    for group, chart in charts.items():
        found = chart.summary
        by_month = chart.series.by_month
        rows.append(
            (
                clean_text(group),
                latest_words(chart),
                day_text(chart.series.dates[chart.last], by_month),
                format_value(found.mean, chart.line_decimals),
                found.variation_words,
                found.assurance_words,
                found.special_cause,
            )
        )
    middle = next(iter(charts.values())).centre_name.capitalize()
    table = PictureTable(
        title="Each chart's verdict on its latest point",
        columns=("Group", "Latest", "Of", middle, "Variation", "Assurance", "Rule broken"),
        rows=tuple(rows),
        numeric=(False, True, False, True, False, False, False),
    )
    return Section("summary", "Summary", pictures=(Picture(tables=(table,)),))


def _file_names(groups: list[str]) -> dict[str, str]:
    """Names of the pictures' files: ``chart.svg``, or numbered with the group's letters."""
    if len(groups) == 1:
        return {groups[0]: "chart.svg"}
    names = {}
    for place, group in enumerate(groups, start=1):
        letters = re.sub(r"[^a-z0-9]+", "-", group.lower()).strip("-")[:40]
        names[group] = f"chart-{place:03d}-{letters}".rstrip("-") + ".svg"
    return names


def write_spc_page(page: Page, svgs: Mapping[str, str], folder: Path) -> None:
    """Write index.html and the pictures into a folder that exists.

    Parameters
    ----------
    page : Page
        From `page_of_charts`.
    svgs : mapping of str to str
        File name and SVG of each picture.
    folder : Path
        Where to write.
    """
    (folder / "index.html").write_text(render_page(page), encoding="utf-8")
    for name, svg in svgs.items():
        (folder / name).write_text(svg, encoding="utf-8")
