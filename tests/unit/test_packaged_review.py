"""The packaged review of Oxfordshire: it fits together, covers every question, copies nothing."""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from wholesystem.examples.review import read_example_review
from wholesystem.indicators.catalogue import read_catalogue
from wholesystem.reviews.records import Evidence, Figure
from wholesystem.reviews.requests.question_sets import read_question_set
from wholesystem.reviews.review import Review
from wholesystem.reviews.words import SOURCE_KINDS

AREA = ROOT / "src" / "wholesystem" / "examples" / "oxfordshire_2017"
FRAMEWORKS = ROOT / "src" / "wholesystem" / "reviews" / "frameworks"

# Rests on two meetings, one with people and one with providers, as the report does.
OF_ONE_KIND = {"People who pay for their own care lack information and help."}
LONGEST_RUN = 8


@pytest.fixture(scope="module")
def review() -> Review:
    return read_example_review().review


# --------------------------------------------------------------------------- what is there


def test_it_fits_together_and_says_what_it_is(review: Review) -> None:
    assert review.faults() == []
    assert "reconstruction" in review.info.title
    assert "not the commission's working papers" in review.info.note
    assert not review.documents
    assert not review.history


def test_it_is_as_large_as_a_review(review: Review) -> None:
    assert len(review.evidence) == 265
    assert len(review.figures) == 48
    assert len(review.sources) == 44
    assert {one.kind for one in review.sources} == set(SOURCE_KINDS)
    assert {one.source for one in review.evidence} == set(review.source_by_id)
    assert Counter(one.status for one in review.findings) == {
        "confirmed": 31, "candidate": 5, "withdrawn": 1
    }  # fmt: skip
    assert Counter((one.level, one.verb) for one in review.areas_for_improvement) == {
        ("strategic", "must"): 5,
        ("strategic", "should"): 2,
        ("operational", "must"): 1,
        ("operational", "should"): 4,
        ("operational", "continue"): 1,
        ("engagement", "must"): 1,
        ("engagement", "should"): 1,
    }


def test_every_question_has_evidence(review: Review) -> None:
    coded = {kloe for one in review.evidence for kloe in one.kloe}

    assert coded == set(review.framework.question_by_id)


def test_every_cell_of_the_grid_has_a_strength_a_concern_and_a_finding(review: Review) -> None:
    cells = [
        one.kloe
        for one in review.framework.questions
        if one.area in ("usual_place", "crisis", "step_down")
    ]
    shown = {(kloe, one.shows) for one in review.evidence for kloe in one.kloe}

    assert len(cells) == 12
    for kloe in cells:
        assert {(kloe, "strength"), (kloe, "concern")} <= shown
    assert set(cells) <= {one.kloe for one in review.findings}


def test_people_stand_under_their_role_and_no_name(review: Review) -> None:
    roles = "|".join(
        ("Programme lead", "Lead reviewer", "Reviewer", "Analyst", "Specialist advisor")
    )

    assert all(re.fullmatch(rf"({roles})( \d)?( \([a-z ]+\))?", one.name) for one in review.people)
    assert Counter(one.role for one in review.people) == {
        "lead": 2, "reviewer": 3, "analyst": 1, "specialist_advisor": 5
    }  # fmt: skip


def test_its_information_request_is_an_illustration_with_no_answer(review: Review) -> None:
    (request,) = review.requests
    asked = read_question_set(request.question_set)

    assert (request.state, request.illustrative, request.organisation) == ("draft", "yes", "")
    assert "illustrative" in request.title
    assert [(one.text, one.help, one.kloe) for one in review.request_questions] == [
        (one.text, one.help, one.kloe) for one in asked.questions
    ]
    assert review.request_answers == ()
    assert review.request_returns == ()


def test_an_organisations_code_is_one_of_our_sources(review: Review) -> None:
    codes = {one.organisation: one.ods_code for one in review.organisations if one.ods_code}

    assert codes == {"ouhft": "RTH"}


def test_times_of_recording_lie_in_the_fieldwork_and_the_weeks_after(review: Review) -> None:
    rows = (*review.sources, *review.evidence, *review.findings, *review.areas_for_improvement)

    assert min(one.recorded_at for one in rows) >= datetime(2017, 11, 27)
    assert max(one.recorded_at for one in rows) < datetime(2018, 2, 1)
    for one in review.evidence:
        assert one.recorded_at > review.source_by_id[one.source].recorded_at
        assert one.date is None or one.date <= one.recorded_at.date()


def test_days_that_are_not_known_say_that_they_are_illustrative(review: Review) -> None:
    known = {
        date(2017, 11, 27), date(2017, 12, 1), date(2018, 2, 12), date(2019, 1, 9)
    }  # fmt: skip

    assert {one.on for one in review.due_dates if "illustrative" not in one.title} == known


# --------------------------------------------------------------------------- findings


def test_a_confirmed_finding_rests_on_sources_of_two_kinds(review: Review) -> None:
    weak = set()
    for finding in review.findings:
        sources = {one.source for one in review.evidence_of(finding.finding, "for")}
        kinds = {review.source_by_id[one].kind for one in sources}
        if finding.status == "confirmed" and len(kinds) < 2:
            weak.add(finding.statement)
        assert sources

    assert weak == OF_ONE_KIND


def test_evidence_of_a_finding_is_coded_to_its_question(review: Review) -> None:
    for link in review.finding_evidence:
        finding = review.finding_by_id[link.finding]
        assert finding.kloe in review.evidence_by_id[link.evidence].kloe


def test_contrary_evidence_is_considered_but_in_one_candidate(review: Review) -> None:
    contrary = {one.finding for one in review.finding_evidence if one.side == "against"}
    unconsidered = [
        one.status
        for one in review.findings
        if one.finding in contrary and not one.contrary_considered
    ]

    assert len(contrary) >= 25
    assert unconsidered == ["candidate"]
    assert all(one.finding in contrary for one in review.findings if one.contrary_considered), (
        "considered what is not there"
    )


def test_every_area_for_improvement_rests_on_findings(review: Review) -> None:
    assert all(one.findings for one in review.areas_for_improvement)


# --------------------------------------------------------------------------- figures


@cache
def printed() -> dict[str, dict[str, str]]:
    """Rows of the report's figures by id."""
    rows = csv.DictReader((AREA / "figures.csv").read_text("utf-8-sig").splitlines())
    return {row["id"]: row for row in rows}


def months(figure: Figure) -> Iterator[date]:
    """Last day of each month of a figure's period."""
    assert figure.period_start is not None
    assert figure.period_end is not None
    at = figure.period_start
    while at <= figure.period_end:
        last = at.replace(day=monthrange(at.year, at.month)[1])
        yield min(last, figure.period_end)
        at = last + timedelta(days=1)


def test_a_figure_is_printed_in_the_report_as_cited(review: Review) -> None:
    for figure in review.figures:
        evidence = review.evidence_by_id[figure.evidence]
        row = printed()[evidence.place.rpartition("; figure ")[2]]
        column = "england_value" if figure.area_code == "E92000001" else "value"
        assert float(row[column]) == figure.value, evidence.place
        assert evidence.date in (figure.period_end, None)


def test_a_figure_has_the_unit_of_its_indicator(review: Review) -> None:
    catalogue = read_catalogue()

    assert {one.name: one.unit for one in review.figures} == {
        one.name: catalogue[one.name].unit for one in review.figures
    }


def test_a_dozen_figures_and_more_can_be_looked_up_in_the_packaged_statistics(
    review: Review,
) -> None:
    from wholesystem.examples.extract import open_extract
    from wholesystem.indicators.series import Figures

    exact, made_up_of = set(), set()
    with open_extract() as loading:
        figures = Figures(loading.store)
        for one in review.figures:
            series = figures.series(one.name, areas=[one.area_code])
            periods = set(
                zip(series["period_start"].dt.date, series["period_end"].dt.date, strict=True)
            )
            if (one.period_start, one.period_end) in periods:
                exact.add(one.evidence)
            elif {end for _, end in periods} >= set(months(one)):
                made_up_of.add(one.evidence)

    assert len(exact) >= 6
    assert len(made_up_of) >= 11


# --------------------------------------------------------------------------- nobody's sentences


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("\u2019", "").replace("'", ""))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    told = words(text)
    for at in range(len(told) - LONGEST_RUN + 1):
        yield tuple(told[at : at + LONGEST_RUN])


def cells(path: Path) -> Iterator[str]:
    if path.suffix == ".md":
        yield path.read_text("utf-8")
        return
    for row in csv.reader(path.read_text("utf-8").splitlines()):
        yield from row


def test_no_eight_words_in_a_row_are_the_reports(shared_data: Path) -> None:
    report = next((shared_data / "seeds").glob("003_*.txt")).read_text("utf-8")
    theirs = set(runs(report))
    files = [
        *FRAMEWORKS.rglob("*.csv"),
        *(path for path in (AREA / "review").rglob("*") if path.is_file()),
    ]
    copied = {
        (path.name, " ".join(run))
        for path in files
        for cell in cells(path)
        for run in runs(cell)
        if run in theirs
    }

    assert len(theirs) > 10_000
    assert copied == set()


def test_a_copied_run_would_be_found() -> None:
    theirs = set(runs("One two, three four: five six seven eight nine."))

    assert set(runs("two THREE four five six seven eight nine")) <= theirs


def test_evidence_is_short(review: Review) -> None:
    def is_short(one: Evidence) -> bool:
        return len(words(one.text)) <= 40

    assert all(is_short(one) for one in review.evidence)
    assert len({one.text for one in review.evidence}) == len(review.evidence)
