"""A sample of cases as files: who was drawn, from how many, and each one's timeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from wholesystem.pictures.case_timeline import case_timeline_table, draw_case_timeline
from wholesystem.pictures.tables import PictureTable
from wholesystem.reports.page import Page, Picture, Section, render_page
from wholesystem.reviews.cases.sampling import CaseSample, SampledCase, StratumCount
from wholesystem.reviews.cases.timeline import TimelineRow
from wholesystem.tables.writing import csv_bytes

__all__ = ["case_file_names", "page_of_cases", "write_case_files"]

Timelines = Mapping[str, tuple[TimelineRow, ...]]

_CASES = ("case", "person", "stratum", "picture")
_COUNTS = ("stratum", "label", "rule", "wanted", "eligible", "drawn", "note")
_SOURCE = "The stays table. Rows about people: for the review's own use, not for publication."
_HOW = (
    "A dashed line is a wait for the service, a bar the time in it, hatching the delay after the"
    " person was ready to leave. An arrow is an end that the record does not tell.",
    "Nothing is guessed: what a record leaves out is left blank in the tables.",
)


def case_file_names(sample: CaseSample) -> dict[str, str]:
    """Name of the picture of each case.

    Parameters
    ----------
    sample : CaseSample
        Whose cases.

    Returns
    -------
    dict of str to str
        By id of the case, such as ``case-001-long-delay-1.svg``; never the pseudonym.
    """
    names = {}
    for place, one in enumerate(sample.cases, start=1):
        letters = re.sub(r"[^a-z0-9]+", "-", one.case.lower()).strip("-")[:40]
        names[one.case] = f"case-{place:03d}-{letters}".rstrip("-") + ".svg"
    return names


def page_of_cases(sample: CaseSample, timelines: Timelines) -> Page:
    """The page of a sample.

    Parameters
    ----------
    sample : CaseSample
        What was drawn.
    timelines : mapping of str to tuple of TimelineRow
        By id of the case.

    Returns
    -------
    Page
        With the table behind each picture.
    """
    counts = Picture(tables=(_counts_table(sample),))
    pictures = tuple(_picture(one, timelines[one.case]) for one in sample.cases)
    return Page(
        title="Cases drawn",
        lead=f"Journeys drawn by strata with seed {sample.seed}: {len(sample.cases)}.",
        sections=(
            Section("sampling", "How they were drawn", pictures=(counts,)),
            Section("cases", "The cases", paragraphs=_HOW, pictures=pictures),
        ),
    )


def write_case_files(sample: CaseSample, timelines: Timelines, folder: Path) -> None:
    """Write cases.csv, sampling.csv, index.html and a picture of each case.

    Parameters
    ----------
    sample, timelines
        As of `page_of_cases`.
    folder : Path
        That exists.
    """
    names = case_file_names(sample)
    cases = [
        {"case": one.case, "person": one.person, "stratum": one.stratum, "picture": names[one.case]}
        for one in sample.cases
    ]
    (folder / "cases.csv").write_bytes(csv_bytes(_CASES, cases))
    (folder / "sampling.csv").write_bytes(csv_bytes(_COUNTS, map(_count_cells, sample.counts)))
    (folder / "index.html").write_text(
        render_page(page_of_cases(sample, timelines)), encoding="utf-8"
    )
    for one in sample.cases:
        svg = draw_case_timeline(_title(one), timelines[one.case])
        (folder / names[one.case]).write_text(svg, encoding="utf-8")


def _title(one: SampledCase) -> str:
    return f"Case {one.case}"


def _picture(one: SampledCase, rows: tuple[TimelineRow, ...]) -> Picture:
    title = _title(one)
    return Picture(
        svg=draw_case_timeline(title, rows),
        tables=(case_timeline_table(title, rows),),
        source=_SOURCE,
        folded=True,
        heading=title,
    )


def _count_cells(one: StratumCount) -> dict[str, str]:
    return {name: str(getattr(one, name)) for name in _COUNTS}


def _counts_table(sample: CaseSample) -> PictureTable:
    return PictureTable(
        title="Cases by stratum",
        columns=("Stratum", "Asked for", "Eligible", "Drawn", "Note"),
        rows=tuple(
            (one.label, str(one.wanted), f"{one.eligible:,}", str(one.drawn), one.note)
            for one in sample.counts
        ),
        numeric=(False, True, True, True, False),
    )
