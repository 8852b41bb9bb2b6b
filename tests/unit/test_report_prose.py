"""The report's prose: marks, sentences, drafts, and what is wrong with it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.reviews import (
    live_figure,
    make_evidence,
    make_finding,
    make_link,
    make_review,
    make_source,
)
from wholesystem.examples.review import read_example_review
from wholesystem.reviews.report.drafting import cited_ids, draft_paragraphs
from wholesystem.reviews.report.marks import (
    find_marks,
    numbers_in,
    split_sentences,
    without_marks,
)
from wholesystem.reviews.report.outline import packaged_outline, sections_of
from wholesystem.reviews.report.problems import problem_kinds, problems_of
from wholesystem.reviews.report.records import ReportParagraph

KNOWN = {"F01", "E012", "ratings"}
AT = datetime(2018, 1, 20, 9, 0)


def paragraph(text: str, **changes: object) -> ReportParagraph:
    made = {
        "paragraph": "RP001", "section_kind": "question", "section": "q1", "order": 10,
        "style": "text", "text": text, "recorded_by": "ada", "recorded_at": AT,
    }  # fmt: skip
    return ReportParagraph(**made | changes)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("It is so. [F01]", [("F01",)]),
        ("It is so [F01, E012], and so [ E012 ].", [("F01", "E012"), ("E012",)]),
        ("It is so [F01; E012].", [("F01", "E012")]),
        ("A word of our own [ratings].", [("ratings",)]),
        ("Names nothing [E99].", [("E99",)]),
        ("As written [sic], in [2017], on [12] beds.", []),
        ("[F01, sic]", [("F01", "sic")]),  # one is known, so the other is a mistake
        ("Empty [] and open [F01", []),
    ],
)
def test_marks(text: str, ids: list[tuple[str, ...]]) -> None:
    assert [mark.ids for mark in find_marks(text, KNOWN)] == ids


def test_a_text_is_read_without_its_marks() -> None:
    assert without_marks("Late [F01], and later. [E012, F01]", KNOWN) == "Late, and later."


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("One. [F01] Two. [E012]", ["One. [F01]", "Two. [E012]"]),
        ("“One.” [F01] Two.", ["“One.” [F01]", "Two."]),
        ("See e.g. the plan. Mr. Jones said no. 3 left.", None),
        ("In Nov. it rose. Then it fell.", ["In Nov. it rose.", "Then it fell."]),
        ("It took 3.5 days. It takes 2.", ["It took 3.5 days.", "It takes 2."]),
        ("A line\nAnother. And", ["A line", "Another.", "And"]),
        ("…", []),
        ("No stop", ["No stop"]),
    ],
)
def test_sentences(text: str, sentences: list[str] | None) -> None:
    found = [one.text for one in split_sentences(text, KNOWN)]
    if sentences is None:  # an abbreviation ends no sentence, at the cost of one that it does end
        assert found == ["See e.g. the plan.", "Mr. Jones said no. 3 left."]
    else:
        assert found == sentences


@given(st.text(max_size=200))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    parts = "".join(one.text for one in split_sentences(text, KNOWN))
    letters = [one for one in text if one.isalnum()]
    assert [one for one in parts if one.isalnum()] == letters


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5 of 1,234 people, 13.8%", (5, 1234, 13.8)),
        ("between 2015-19 and -3", (2015, 19, -3)),
        ("E012 and F2 and 2nd", (2,)),
        ("none", ()),
    ],
)
def test_numbers(text: str, numbers: tuple[float, ...]) -> None:
    assert numbers_in(text) == numbers


# --------------------------------------------------------------------------- outline and draft


def test_every_question_stands_once_in_the_outline() -> None:
    framework = read_example_review().review.framework
    sections = sections_of(framework)
    questions = [one.name for one in sections if one.kind == "question"]
    assert sorted(questions) == sorted(framework.question_by_id)
    assert [one.title for one in sections if one.level == 1][:4] == [
        "Background to the review",
        "How the review was carried out",
        "The area and its people",
        "Summary of findings",
    ]
    assert max(one.level for one in sections) == 4
    for before, after in zip(sections, sections[1:], strict=False):
        assert after.level <= before.level + 1


def test_an_outline_passes_over_areas_that_the_framework_lacks() -> None:
    named = [one.name for one in sections_of(make_review().framework)]
    assert "here" in named  # the made-up framework's one area, by the row of all others
    assert "context" not in named
    assert {one.content for one in packaged_outline()} >= {"area", "areas"}


def drafted() -> tuple[object, tuple[ReportParagraph, ...]]:
    review = make_review(
        sources=(make_source("S1"),),
        evidence=(
            make_evidence("E1", form="quote", text="We wait for days"),
            make_evidence("E2", withdrawn="Misheard."),
            make_evidence("E3", text="Some wait less. Few do."),
        ),
        findings=(
            make_finding("F1", status="confirmed", contrary_considered="Few. Too few."),
            make_finding("F2"),
            make_finding("F3", status="confirmed", kloe="q2", statement="It is late"),
        ),
        finding_evidence=(
            make_link("F1", "E1"),
            make_link("F1", "E2"),
            make_link("F1", "E3", "against"),
        ),
    )
    return review, draft_paragraphs(review, (), "ada", AT)


def test_a_draft_tells_confirmed_findings_with_their_current_evidence() -> None:
    _, found = drafted()
    assert [(one.section, one.style, one.text) for one in found] == [
        ("q1", "text", "It is so. [F1]"),
        ("q1", "point", "“We wait for days”. [E1]"),
        ("q1", "point", "Against this: Some wait less. [E3] Few do. [E3]"),
        ("q1", "point", "Few. [F1] Too few. [F1]"),
        ("q2", "text", "It is late. [F3]"),
    ]
    assert len({one.paragraph for one in found}) == len(found)


def test_drafting_again_adds_nothing_and_changes_nothing() -> None:
    review, found = drafted()
    assert draft_paragraphs(review, found, "ada", AT) == ()
    left = found[:-1]
    again = draft_paragraphs(review, left, "ada", AT)
    assert [one.text for one in again] == ["It is late. [F3]"]
    assert again[0].paragraph not in {one.paragraph for one in left}


def test_a_withdrawn_paragraph_cites_nothing() -> None:
    review, found = drafted()
    gone = tuple(one.model_copy(update={"withdrawn": "Doubled."}) for one in found)
    assert cited_ids(review, gone) == frozenset()


def test_the_packaged_review_drafts_without_a_problem() -> None:
    review = read_example_review().review
    found = draft_paragraphs(review, (), "lead_1", AT)
    confirmed = [one for one in review.findings if one.status == "confirmed"]
    assert len([one for one in found if one.style == "text"]) == len(confirmed)
    assert problems_of(review, found) == ()


# --------------------------------------------------------------------------- problems


def kinds_of(text: str, live: dict[str, object] | None = None) -> list[tuple[str, str]]:
    review = make_review(
        sources=(make_source("S1", date=date(2017, 11, 20)),),
        evidence=(
            make_evidence("E1", text="It took 12 days in 40% of cases."),
            make_evidence("E2", withdrawn="Misheard."),
        ),
        findings=(make_finding("F1", status="confirmed"), make_finding("F2")),
        finding_evidence=(make_link("F1", "E1"),),
    )
    found = problems_of(review, [paragraph(text)], live)  # type: ignore[arg-type]
    return [(one.kind, one.about) for one in found]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("It took 12 days. [F1]", []),
        ("It took 12 days in 2017. [E1] It is so. [F1]", []),
        ("It is so. [F1] It is late.", [("sentence_without_evidence", "")]),
        ("It took 13 days. [F1]", [("number_not_in_evidence", "13")]),
        ("It is so. [F1, E9]", [("unknown_mark", "E9")]),
        ("It is so. [F1] And so. [F2]", [("finding_not_confirmed", "F2")]),
        ("It is so. [F1, E2]", [("evidence_withdrawn", "E2")]),
        ("It is so. [E1]", [("finding_missing", "F1")]),
    ],
)
def test_problems_by_sentence(text: str, problems: list[tuple[str, str]]) -> None:
    assert kinds_of(text) == problems


@pytest.mark.parametrize(
    ("status", "problems"),
    [
        ("same", []),
        ("changed", [("figure_changed", "E1")]),
        ("gone", [("figure_gone", "E1")]),
        ("unavailable", []),
    ],
)
def test_a_figure_that_moved_is_told(status: str, problems: list[tuple[str, str]]) -> None:
    live = {"E1": live_figure("E1", status)}
    assert kinds_of("It took 12 days. [F1, E1]", live) == problems


def test_every_kind_of_problem_is_explained() -> None:
    for kind in problem_kinds().values():
        assert kind.remedy.endswith(".")
        assert kind.why.endswith(".")
