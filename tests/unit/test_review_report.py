"""The report of a review as a document: in order, cited, the same for the same review."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.helpers.reviews import (
    live_figure,
    make_evidence,
    make_finding,
    make_improvement,
    make_link,
    make_review,
    make_source,
)
from wholesystem.examples.review import read_example_review
from wholesystem.reports.documents import (
    BulletList,
    CallOut,
    Citation,
    Document,
    Heading,
    Paragraph,
    Table,
    render_html,
)
from wholesystem.reports.documents.text import plain_text
from wholesystem.reports.review_report import ReportInputs, make_review_report
from wholesystem.reports.review_report.assembling import fingerprint_of
from wholesystem.reviews import records
from wholesystem.reviews.report.drafting import draft_paragraphs

AT = datetime(2018, 1, 20, 9, 0)
DAY = date(2018, 2, 12)


def made(**changes: object) -> ReportInputs:
    review = make_review(
        sources=(
            make_source("S1", kind="interview"),
            make_source("S2", kind="visit", withdrawn="Wrong service."),
        ),
        evidence=(make_evidence("E1"), make_evidence("E2", source="S2")),
        findings=(make_finding("F1", status="confirmed"), make_finding("F2", kloe="q2")),
        finding_evidence=(make_link("F1", "E1"), make_link("F1", "E2", "against")),
        areas_for_improvement=(make_improvement("A1", ("F1",)),),
    )
    inputs = ReportInputs(review, draft_paragraphs(review, (), "ada", AT))
    return replace(inputs, **changes)  # type: ignore[arg-type]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(one.level, one.text) for one in document.blocks if isinstance(one, Heading)]


def test_headings_with_nothing_under_them_are_left_out() -> None:
    assert headings(make_review_report(made(), day=DAY)) == [
        (1, "How the review was carried out"),
        (1, "Here"),
        (2, "q1"),
        (1, "Areas for improvement"),
        (2, "Strategic priorities"),
        (1, "Evidence"),
    ]


def test_prose_keeps_its_ids_and_its_marks_become_citations() -> None:
    document = make_review_report(made(), day=DAY)
    told = next(one for one in document.blocks if isinstance(one, Paragraph) and one.id)
    assert told.id == "RP001"
    assert plain_text(told.text) == "It is so."
    assert told.text[-1] == Citation("F1")
    points = next(one for one in document.blocks if isinstance(one, BulletList))
    assert points.items[0].text[-1] == Citation("E1")


def test_a_mark_that_names_nothing_is_left_for_its_reader_to_see() -> None:
    inputs = made()
    first = inputs.paragraphs[0].model_copy(update={"text": "It is so. [F1, E99]"})
    document = make_review_report(replace(inputs, paragraphs=(first,)), day=DAY)
    assert "It is so. [F1, E99]" in [
        plain_text(one.text) for one in document.blocks if isinstance(one, Paragraph)
    ]


def tables(document: Document) -> dict[str, Table]:
    return {one.caption: one for one in document.blocks if isinstance(one, Table)}


def test_sources_are_counted_without_withdrawn_ones() -> None:
    table = tables(make_review_report(made(), day=DAY))["Sources and evidence by kind"]
    shown = [[plain_text(getattr(cell, "text", cell)) for cell in row] for row in table.rows]
    assert shown == [
        ["Interview", "1", "1", "20 November 2017"],
        ["All", "1", "1", "20 November 2017"],
    ]


def test_the_chain_of_a_finding_has_both_sides_and_what_was_withdrawn() -> None:
    table = tables(make_review_report(made(), day=DAY))["F1: It is so."]
    assert [(row[0], row[1]) for row in table.rows] == [
        ("E1", "For"),
        ("E2", "Against (withdrawn)"),
    ]


def test_a_figure_that_moved_stands_beside_the_cited_one() -> None:
    inputs = made()
    figure = live_figure("E1", "changed")
    review = replace(
        inputs.review,
        evidence=(
            inputs.review.evidence[0].model_copy(update={"form": "figure"}),
            inputs.review.evidence[1],
        ),
        figures=(figure.figure,),
    )
    document = make_review_report(
        replace(inputs, review=review, live={"E1": replace(figure, in_cited_unit=12.0)}), day=DAY
    )
    (row,) = tables(document)["Figures that the evidence cites, and what stands there now"].rows
    assert [plain_text(getattr(cell, "text", cell)) for cell in row][:3] == ["E1", "10%", "12%"]


def test_the_same_review_gives_the_same_report_and_any_change_another_fingerprint() -> None:
    inputs = made()
    assert make_review_report(inputs, day=DAY) == make_review_report(made(), day=DAY)
    prints = {
        fingerprint_of(inputs),
        fingerprint_of(replace(inputs, paragraphs=inputs.paragraphs[:-1])),
        fingerprint_of(replace(inputs, live={"E1": live_figure("E1", "changed")})),
        fingerprint_of(
            replace(
                inputs,
                review=replace(
                    inputs.review,
                    due_dates=(records.DueDate(due_date="D1", title="Draft", on=DAY),),
                ),
            )
        ),
    }
    assert len(prints) == 4
    document = make_review_report(inputs, day=DAY)
    assert document.cover is not None
    assert fingerprint_of(inputs) in document.cover.fingerprint


def test_an_empty_review_has_a_report_too() -> None:
    document = make_review_report(ReportInputs(make_review(), ()), day=DAY)
    assert "No source is recorded yet." in render_html(document)


@pytest.mark.parametrize("illustrative", ["yes", "no"])
def test_an_illustrative_framework_is_said_to_be_so(illustrative: str) -> None:
    inputs = made()
    info = inputs.review.framework.info.model_copy(update={"illustrative": illustrative})
    review = replace(inputs.review, framework=replace(inputs.review.framework, info=info))
    document = make_review_report(replace(inputs, review=review), day=DAY)
    notes = [one for one in document.blocks if isinstance(one, CallOut)]
    assert bool(notes) == (illustrative == "yes")


def test_the_packaged_report_cites_every_confirmed_finding() -> None:
    review = read_example_review().review
    document = make_review_report(
        ReportInputs(review, draft_paragraphs(review, (), "lead_1", AT)), day=DAY
    )
    html = render_html(document)
    for finding in review.findings:
        assert (f"Finding {finding.finding} (confirmed)." in html) == (
            finding.status == "confirmed"
        )
