"""A case as its page shows it: timeline, reasons, checklist, and where its evidence began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from wholesystem.pictures.case_timeline import (
    case_timeline_table,
    draw_case_timeline,
    span_words,
)
from wholesystem.pictures.tables import PictureTable
from wholesystem.reviews.cases.records import CaseDelay, CaseStay, ChecklistItem
from wholesystem.reviews.cases.tabular import stays_table
from wholesystem.reviews.cases.timeline import TimelineRow, timeline_rows
from wholesystem.stays.lists import reason_codes
from wholesystem.tables.reading import read_csv_table
from wholesystem.web.cases import models as cases
from wholesystem.web.workspace import models
from wholesystem.web.workspace.rows import MAPS, row_of

__all__ = ["AskedItem", "Timeline", "asked_items", "checklist_of", "make_timeline", "name_place"]


@dataclass(frozen=True)
class Timeline:
    """What happened in a case.

    Parameters
    ----------
    title : str
        Of the picture.
    stays : list of CaseStay
        In order.
    rows : tuple of TimelineRow
        The same, in words.
    delays : list of (int, str, str, str)
        Parts of delays with their own reasons: stay, from, to, reason.
    """

    title: str
    stays: list[CaseStay]
    rows: tuple[TimelineRow, ...]
    delays: list[tuple[int, str, str, str]]

    def svg(self) -> str:
        """The picture."""
        return draw_case_timeline(self.title, self.rows)

    def table(self) -> PictureTable:
        """Its facts."""
        return case_timeline_table(self.title, self.rows)

    def told(self, at: int) -> str:
        """A stay in a sentence, for evidence to begin with."""
        row = self.rows[at]
        ended = f"until {_when(row.ended_at)}" if row.ended_at else "with no known end"
        words = [f"{row.service}, from {_when(row.started_at)} {ended}."]
        if row.wait_days:
            words.append(f"Waited {span_words(row.wait_days)} for it.")
        if row.delay_days:
            why = row.reason or "no reason recorded"
            words.append(f"Ready to leave {span_words(row.delay_days)} before leaving: {why}.")
        return " ".join([*words, *row.remarks])


def _when(moment: Any) -> str:
    return f"{moment.day} {moment:%B %Y}, {moment:%H:%M}"


@cache
def _packaged_labels() -> dict[str, str]:
    path = files("wholesystem.examples").joinpath("oxfordshire_2017/services.csv")
    table, _ = read_csv_table(path)  # type: ignore[arg-type]
    rows = table.rows if table else ()
    return {row.cells["service"]: row.cells["label"] for row in rows}


def _labels(case: cases.Case, stays: Sequence[CaseStay]) -> Mapping[str, str]:
    """Names of services: of the packaged model, for cases that were simulated with it."""
    labels = _packaged_labels() if case.synthetic == "yes" else {}
    return labels if all(one.service in labels for one in stays) else {}


def make_timeline(
    case: cases.Case, stays: Sequence[CaseStay], delays: Sequence[CaseDelay] = ()
) -> Timeline:
    """What happened in a case, to be drawn and told.

    Parameters
    ----------
    case : models.Case
        The case.
    stays : sequence of CaseStay
        In order; at least one.
    delays : sequence of CaseDelay
        Parts of their delays.

    Returns
    -------
    Timeline
        In words where they are known.
    """
    rows = timeline_rows(stays_table(stays), labels=_labels(case, stays))
    codes = reason_codes()
    parts = [
        (
            one.stay,
            _minute(one.began_at),
            _minute(one.ceased_at),
            codes.get(one.reason, one.reason),
        )
        for one in delays
    ]
    return Timeline(case.name, list(stays), rows, parts)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


@dataclass(frozen=True)
class AskedItem:
    """An item of the checklist with what a case's record says to it.

    Parameters
    ----------
    row : ChecklistItem
        What is asked.
    answer : str
        Empty where there is none.
    by : str
        Who wrote it down; empty likewise.
    """

    row: ChecklistItem
    answer: str
    by: str


def checklist_of(review: models.Review) -> list[ChecklistItem]:
    """The checklist of a review, in its order.

    Parameters
    ----------
    review : models.Review
        The review.

    Returns
    -------
    list of ChecklistItem
        Empty until it has a case.
    """
    found = MAPS["case_checklist"].all_of(review.pk).order_by("order", "pk")
    return [row_of("case_checklist", one) for one in found]


def asked_items(case: cases.Case, items: Iterable[ChecklistItem]) -> list[AskedItem]:
    """Items with the answers of a case.

    Parameters
    ----------
    case : models.Case
        The case.
    items : iterable of ChecklistItem
        In order.

    Returns
    -------
    list of AskedItem
        Answered or not.
    """
    answers = {one.item: one for one in case.answers.select_related("recorded_by")}
    return [
        AskedItem(
            one,
            answers[one.item].answer if one.item in answers else "",
            answers[one.item].recorded_by.name if one.item in answers else "",
        )
        for one in items
    ]


def name_place(case: cases.Case, part: str, what: str = "") -> str:
    """A part of a case as the place of evidence names it.

    Parameters
    ----------
    case : models.Case
        The case.
    part : str
        ``stay 4``, ``checklist item letter`` or ``notes``.
    what : str
        What the part is, so that it is found again where stays are numbered anew.

    Returns
    -------
    str
        Such as ``case C03, stay 4 (acute from 5 January 2018)``.
    """
    return f"case {case.code}, {part}" + (f" ({what})" if what else "")
