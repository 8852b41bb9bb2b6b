"""The chain of a finding, both ways, with a document, a figure and what was withdrawn."""

import hashlib

import pytest

from tests.helpers.reviews import (
    BY,
    live_figure,
    make_evidence,
    make_finding,
    make_improvement,
    make_link,
    make_review,
    make_source,
)
from wholesystem.reviews import Review, chain_of, records, what_is_about, what_rests_on

MINUTES, PLAN = (hashlib.sha256(name).hexdigest() for name in (b"minutes", b"plan"))


def made() -> Review:
    """F1 rests on a quote (E1), a figure (E2) and, withdrawn, E3; E4 speaks against it.

    S1 is of the minutes, from which E1 quotes; E4 of S2 quotes from the plan. A1 follows from F1
    and F2, A2 from F2, A3 from nothing. S1 is of A, E4 about B, S3 of A and B.
    """
    return make_review(
        documents=tuple(
            records.Document(document=one, name=name, media_type="application/pdf", size_bytes=1,
                             **BY)
            for name, one in (("minutes.pdf", MINUTES), ("plan.pdf", PLAN))
        ),
        sources=(
            make_source("S1", kind="document", document=MINUTES, organisations=("A",)),
            make_source("S2", withdrawn="A mistake."),
            make_source("S3", kind="data", organisations=("A", "B")),
        ),
        evidence=(
            make_evidence("E1", form="quote"),
            make_evidence("E2", source="S3", form="figure"),
            make_evidence("E3", withdrawn="A mistake."),
            make_evidence("E4", source="S2", shows="strength", organisations=("B",)),
            make_evidence("E5", source="S3", organisations=("B",)),
        ),
        figures=(
            records.Figure(evidence="E2", kind="measure", name="share", measures="year",
                           column="share", value=10, unit="%"),
        ),
        anchors=(
            records.Anchor(evidence="E1", document=MINUTES, start=3, end=6, quoted="abc"),
            records.Anchor(evidence="E4", document=PLAN, start=0, end=1, quoted="x"),
        ),
        findings=(
            make_finding("F1", status="confirmed", contrary_considered="Weighed."),
            make_finding("F2"),
            make_finding("F3", status="withdrawn"),
        ),
        finding_evidence=(
            make_link("F1", "E2", note="The figure."),
            make_link("F2", "E1"),
            make_link("F1", "E1"),
            make_link("F1", "E4", "against"),
            make_link("F1", "E3"),
            make_link("F2", "E4", "against"),
            make_link("F3", "E1"),
        ),
        areas_for_improvement=(
            make_improvement("A1", ("F1", "F2")),
            make_improvement("A2", ("F2",)),
            make_improvement("A3"),
        ),
    )  # fmt: skip


# --------------------------------------------------------------------------- forwards


def test_a_chain_holds_evidence_of_both_sides_in_the_order_linked() -> None:
    chain = chain_of(made(), "F1")

    assert chain.finding.finding == "F1"
    assert [one.evidence.evidence for one in chain.links_for] == ["E2", "E1", "E3"]
    assert [one.evidence.evidence for one in chain.links_against] == ["E4"]
    assert [one.area_for_improvement for one in chain.areas_for_improvement] == ["A1"]


def test_a_link_holds_source_note_passage_document_and_figure() -> None:
    figure, quote, gone = chain_of(made(), "F1").links_for
    (against,) = chain_of(made(), "F1").links_against

    assert [one.source.source for one in (figure, quote, gone, against)] == ["S3", "S1", "S1", "S2"]
    assert [one.note for one in (figure, quote)] == ["The figure.", ""]
    assert figure.figure is not None
    assert (figure.figure.value, figure.anchor, figure.document) == (10, None, None)
    assert quote.anchor is not None
    assert quote.anchor.quoted == "abc"
    assert quote.figure is None


def test_the_document_is_that_quoted_from_or_else_the_sources() -> None:
    chain = chain_of(made(), "F1")
    names = [one.document and one.document.name for one in (*chain.links_for, *chain.links_against)]

    assert names == [None, "minutes.pdf", "minutes.pdf", "plan.pdf"]


def test_a_link_says_whether_it_may_be_rested_on() -> None:
    chain = chain_of(made(), "F1")

    assert [one.is_current for one in chain.links_for] == [True, True, False]
    # The evidence was not withdrawn; its source was.
    assert [one.is_current for one in chain.links_against] == [False]


def test_the_live_figure_stands_beside_the_cited_one() -> None:
    live = {"E2": live_figure("E2", "changed")}

    assert [one.live for one in chain_of(made(), "F1").links_for] == [None, None, None]
    assert [one.live for one in chain_of(made(), "F1", live).links_for] == [live["E2"], None, None]


def test_a_finding_without_evidence_has_an_empty_chain() -> None:
    review = make_review(findings=(make_finding("F1"),))
    chain = chain_of(review, "F1")

    assert (chain.links_for, chain.links_against, chain.areas_for_improvement) == ((), (), ())


def test_a_finding_that_is_not_there_has_no_chain() -> None:
    with pytest.raises(KeyError, match="F9"):
        chain_of(made(), "F9")


# --------------------------------------------------------------------------- backwards


@pytest.mark.parametrize(
    ("table", "record", "evidence", "findings", "improvements"),
    [
        ("evidence", "E1", "E1", "F2 for; F1 for; F3 for", "A1 A2"),
        ("evidence", "E3", "E3", "F1 for", "A1"),
        ("evidence", "E4", "E4", "F1 against; F2 against", "A1 A2"),
        ("evidence", "E5", "E5", "", ""),
        ("sources", "S1", "E1 E3", "F2 for; F1 for; F3 for", "A1 A2"),
        ("sources", "S3", "E2 E5", "F1 for", "A1"),
        ("documents", MINUTES, "E1 E3", "F2 for; F1 for; F3 for", "A1 A2"),
        ("documents", PLAN, "E4", "F1 against; F2 against", "A1 A2"),
        ("findings", "F2", "", "F2 ", "A1 A2"),
        ("findings", "F3", "", "F3 ", ""),
    ],
)
def test_what_rests_on_a_record(
    table: str, record: str, evidence: str, findings: str, improvements: str
) -> None:
    resting = what_rests_on(made(), table, record)

    assert " ".join(one.evidence for one in resting.evidence) == evidence
    told = "; ".join(f"{one.finding} {side}" for one, side in resting.findings)
    assert told == findings
    named = " ".join(one.area_for_improvement for one in resting.areas_for_improvement)
    assert named == improvements


def test_a_finding_stands_once_for_each_side() -> None:
    review = make_review(
        sources=(make_source("S1"),),
        evidence=tuple(make_evidence(f"E{at}") for at in range(3)),
        findings=(make_finding("F1"),),
        finding_evidence=(
            make_link("F1", "E0"), make_link("F1", "E1"), make_link("F1", "E2", "against"),
        ),
    )  # fmt: skip
    resting = what_rests_on(review, "sources", "S1")

    assert [side for _, side in resting.findings] == ["for", "against"]


@pytest.mark.parametrize("table", ["documents", "sources", "evidence", "findings"])
def test_nothing_is_said_of_a_record_that_is_not_there(table: str) -> None:
    """That nothing rests on it would be no answer to one who mistyped."""
    with pytest.raises(KeyError, match="X9"):
        what_rests_on(made(), table, "X9")


@pytest.mark.parametrize("table", ["people", "areas_for_improvement", "", "Evidence"])
def test_nothing_stands_on_rows_of_other_tables(table: str) -> None:
    with pytest.raises(ValueError, match=rf"^Nothing stands on rows of {table}\.$"):
        what_rests_on(made(), table, "E1")


# --------------------------------------------------------------------------- an organisation


@pytest.mark.parametrize(
    ("organisation", "sources", "evidence", "findings"),
    [
        # E1, E2 and E3 name none and are of A's sources; E5 is of one too, and about B.
        ("A", "S1 S3", "E1 E2 E3", "F1 for; F2 for; F3 for"),
        ("B", "S3", "E2 E4 E5", "F1 for; F1 against; F2 against"),
        ("C", "", "", ""),
    ],
)
def test_what_is_about_an_organisation(
    organisation: str, sources: str, evidence: str, findings: str
) -> None:
    found, resting = what_is_about(made(), organisation)

    assert " ".join(one.source for one in found) == sources
    assert " ".join(one.evidence for one in resting.evidence) == evidence
    told = "; ".join(f"{one.finding} {side}" for one, side in resting.findings)
    assert told == findings


def test_what_was_withdrawn_is_still_told() -> None:
    """A withdrawn finding can be reopened, and then it stands on this again."""
    resting = what_rests_on(made(), "sources", "S1")

    assert "F3" in {one.finding for one, _ in resting.findings}
