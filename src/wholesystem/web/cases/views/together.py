"""The cases together: what the checklist says over all of them, and the files that may leave."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from wholesystem.reviews.cases.together import (
    AnswerCount,
    count_answers,
    hospital_services,
    publishable,
)
from wholesystem.tables import RawRow, Table, Tables
from wholesystem.tables.writing import csv_bytes, write_excel
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.views.pages import Here, render_page, review_page

__all__ = ["download_together", "download_together_workbook", "show_together"]

MOST_DAYS = 366
COLUMNS = ("item", "question", "answer", "cases", "of", "hidden")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """What the page counts.

    Parameters
    ----------
    synthetic : bool
        Whether the cases are those of no real person; they are never counted with the others.
    days : int
        Within how many days planning should have begun.
    services : tuple of str
        Those that count as hospital.
    known : tuple of str
        All services of the cases.
    real, simulated : int
        How many cases there are of each kind; withdrawn ones count nowhere.
    counts : tuple of AnswerCount
        What was counted.
    """

    synthetic: bool
    days: int
    services: tuple[str, ...]
    known: tuple[str, ...]
    real: int
    simulated: int
    counts: tuple[AnswerCount, ...]

    def query(self, *, synthetic: bool | None = None) -> str:
        """The same question for an address."""
        about = self.synthetic if synthetic is None else synthetic
        pairs = [("days", str(self.days)), *(("service", one) for one in self.services)]
        return urlencode([*pairs, *([("about", "synthetic")] if about else [])])

    def items(self) -> list[tuple[str, list[AnswerCount]]]:
        """Counts by question."""
        found: dict[str, tuple[str, list[AnswerCount]]] = {}
        for one in self.counts:
            found.setdefault(one.item, (one.question, []))[1].append(one)
        return list(found.values())


def _ask(here: Here, asked: QueryDict) -> Asked:
    review = load_review(here.review, every=True)
    standing = [one for one in review.cases if not one.withdrawn]
    simulated = sum(one.synthetic == "yes" for one in standing)
    real = len(standing) - simulated
    synthetic = bool(simulated) and (asked.get("about") == "synthetic" or not real)
    cases = {one.case for one in standing if (one.synthetic == "yes") == synthetic}
    stays = [one for one in review.case_stays if one.case in cases]
    known = tuple(sorted({one.service for one in stays}))
    chosen = tuple(one for one in known if one in asked.getlist("service"))
    services = chosen if "days" in asked else hospital_services(stays)
    days = _days(asked.get("days", ""))
    counts = count_answers(
        cases, stays, review.case_checklist, review.case_answers, days=days, services=services
    )
    return Asked(synthetic, days, services, known, real, simulated, counts)


def _days(text: str) -> int:
    """Days as the address asks; what means nothing is passed over."""
    return min(int(text), MOST_DAYS) if text.isascii() and text.isdigit() and len(text) < 5 else 2


@review_page("see_cases")
@require_safe
def show_together(request: HttpRequest, here: Here) -> HttpResponse:
    """Show what the checklist says over all cases, whole: who sees it works on the review."""
    return render_page(
        request, here, "cases/together", asked=_ask(here, request.GET), most_days=MOST_DAYS
    )


def _rows(asked: Asked) -> list[dict[str, str]]:
    """What may leave the team, as text."""
    frame = publishable(asked.counts, rule="none" if asked.synthetic else "hes")
    return [
        {name: "" if value is None or value != value else str(value) for name, value in one.items()}
        for one in frame.astype(object).where(frame.notna(), None).to_dict("records")
    ]


def _name(here: Here, asked: Asked, ending: str) -> str:
    kind = "synthetic-cases" if asked.synthetic else "cases"
    return f'attachment; filename="{here.review.code}-{kind}.{ending}"'


@review_page("see_cases")
@require_safe
def download_together(request: HttpRequest, here: Here) -> HttpResponse:
    """Hand out the counts as CSV, small numbers hidden."""
    asked = _ask(here, request.GET)
    content = csv_bytes(COLUMNS, _rows(asked))
    # A spreadsheet takes a file without this mark for another alphabet.
    answer = HttpResponse(b"\xef\xbb\xbf" + content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = _name(here, asked, "csv")
    return answer


@review_page("see_cases")
@require_safe
def download_together_workbook(request: HttpRequest, here: Here) -> HttpResponse:
    """Hand out the counts as an Excel workbook, small numbers hidden."""
    asked = _ask(here, request.GET)
    raw = tuple(RawRow(at, row) for at, row in enumerate(_rows(asked), start=2))
    name = "synthetic_cases" if asked.synthetic else "cases"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.xlsx"
        write_excel(Tables(path, {name: Table(name, name, COLUMNS, raw)}), path)
        answer = HttpResponse(path.read_bytes(), content_type=EXCEL)
    answer["Content-Disposition"] = _name(here, asked, "xlsx")
    return answer
