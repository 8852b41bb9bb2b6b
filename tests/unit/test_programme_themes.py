"""Counting over reviews: what a finding shows, which themes it has, when an area counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.helpers.reviews import (
    AT,
    OPENED,
    make_evidence,
    make_finding,
    make_framework,
    make_link,
    make_question,
    make_source,
)
from wholesystem.errors import TableError
from wholesystem.reviews import Review, records
from wholesystem.reviews.programme import (
    Programme,
    packaged_programme_rules,
    packaged_programmes,
    read_programme,
    summarise,
    write_programme,
)
from wholesystem.reviews.programme.findings import direction_of, find_memberships
from wholesystem.reviews.programme.records import (
    ProgrammeArea,
    ProgrammeInfo,
    Theme,
    ThemeRule,
)

ON = date(2018, 6, 1)
AREAS = {"E10000025": "Oxfordshire", "E10000006": "Cumbria", "E06000014": "York"}


def make_programme(*rules: ThemeRule, themes: tuple[str, ...] = ("staff", "money")) -> Programme:
    return Programme(
        ProgrammeInfo(programme="made", name="Made", source="made up"),
        tuple(ProgrammeArea(area_code=x, area=AREAS[x], source="made up") for x in AREAS),
        tuple(
            Theme(theme=x, label=x.title(), meaning=x, order=at, source="made up")
            for at, x in enumerate(themes, start=1)
        ),
        rules,
    )


def rule(name: str, theme: str, puts: str = "in", **changes: Any) -> ThemeRule:
    return ThemeRule(rule=name, theme=theme, puts=puts, source="made up", **changes)


def make_review(
    name: str, code: str, *findings: Any, shows: str = "concern", **tables: Any
) -> Review:
    """Findings each with two pieces of evidence for it, from two kinds of source."""
    evidence = []
    links = []
    for at, one in enumerate(findings):
        for source in ("S1", "S2"):
            key = f"E{at}{source}"
            evidence.append(make_evidence(key, source=source, shows=shows, kloe=(one.kloe,)))
            links.append(make_link(one.finding, key))
    return Review(
        records.ReviewInfo(
            review=name, title=name, area_code=code, area=AREAS.get(code, code), framework="made",
            stage="findings", opened_on=OPENED,
        ),
        make_framework(make_question(x, name=x) for x in ("q1", "q2", "q3")),
        sources=(make_source("S1"), make_source("S2", kind="visit")),
        people=(records.Person(person="ada", name="Ada", role="lead"),),
        evidence=tuple(evidence),
        findings=findings,
        finding_evidence=tuple(links),
        **tables,
    )  # fmt: skip


def confirmed(name: str, statement: str = "It is so.", kloe: str = "q1") -> records.Finding:
    return make_finding(name, status="confirmed", statement=statement, kloe=kloe)


# --------------------------------------------------------------------------- direction


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("", "not shown"),
        ("nn", "not shown"),
        ("c", "concern"),
        ("s", "strength"),
        ("ccs", "concern"),
        ("cs", "mixed"),
        ("ccss", "mixed"),
        ("csnnn", "mixed"),
        ("snnn", "strength"),
    ],
)
def test_what_a_finding_shows_is_what_most_of_its_evidence_shows(shown: str, expected: str) -> None:
    words = {"c": "concern", "s": "strength", "n": "neither"}
    evidence = [make_evidence(f"E{at}", shows=words[one]) for at, one in enumerate(shown)]

    assert direction_of(evidence, 0.5) == expected


def test_a_higher_share_makes_more_findings_mixed() -> None:
    evidence = [make_evidence(f"E{at}", shows=x) for at, x in
                enumerate(["concern", "concern", "strength"])]  # fmt: skip

    assert direction_of(evidence, 0.7) == "mixed"


def test_withdrawn_evidence_gives_no_direction() -> None:
    review = make_review("one", "E10000025", confirmed("F1"))
    gone = tuple(one.model_copy(update={"withdrawn": "wrong"}) for one in review.evidence)
    summary = summarise(
        make_programme(rule("T1", "staff", kloe=("q1",))),
        reviews=[replace(review, evidence=gone)],
        on=ON,
    )

    assert [one.direction for one in summary.findings] == ["not shown"]


# --------------------------------------------------------------------------- themes


@pytest.mark.parametrize(
    ("words", "statement", "found"),
    [
        ("carer", "A carer waits.", True),
        ("carer", "Carers wait.", False),
        ("carer*", "Carers wait.", True),
        ("care provider*", "Independent care providers wait.", True),
        ("care provider*", "Care of providers.", False),
        ("self fund*", "Self-funders wait.", True),
        ("self-fund*", "Self-funders wait.", True),
        ("money; STAFF", "Staff are few.", True),
        ("staff", "Understaffed.", False),
    ],
)
def test_words_are_whole_and_may_be_begun(words: str, statement: str, found: bool) -> None:
    programme = make_programme(rule("T1", "staff", words=words))
    review = make_review("one", "E10000025", confirmed("F1", statement))

    assert bool(find_memberships(programme, review, review.findings[0])) is found


def test_a_question_and_words_must_both_hold() -> None:
    programme = make_programme(rule("T1", "staff", kloe=("q1",), words="nurses"))
    here = confirmed("F1", "Nurses leave.", "q1")
    review = make_review("one", "E10000025", here, confirmed("F2", "Nurses leave.", "q2"),
                         confirmed("F3", "Doctors leave.", "q1"))  # fmt: skip

    found = [bool(find_memberships(programme, review, one)) for one in review.findings]

    assert found == [True, False, False]


def test_a_rule_that_puts_out_wins_over_one_that_puts_in() -> None:
    programme = make_programme(
        rule("T1", "staff", kloe=("q1",)), rule("T2", "staff", "out", words="doctors")
    )
    review = make_review("one", "E10000025", confirmed("F1", "Doctors leave."), confirmed("F2"))

    found = [find_memberships(programme, review, one) for one in review.findings]

    assert [[(m.rule, m.because) for m in one] for one in found] == [[], [("T1", "question q1")]]


def test_a_rule_that_names_the_finding_wins_over_all_others() -> None:
    programme = make_programme(
        rule("T1", "staff", kloe=("q1",)),
        rule("T2", "staff", "out", review="one", finding="F1"),
        rule("T3", "money", review="one", finding="F1"),
        rule("T4", "money", "out", words="it"),
        rule("T5", "money", review="two", finding="F2"),
    )
    review = make_review("one", "E10000025", confirmed("F1"), confirmed("F2"))

    found = [find_memberships(programme, review, one) for one in review.findings]

    assert [[m.theme for m in one] for one in found] == [["money"], ["staff"]]


def test_a_rule_that_matches_nothing_is_told() -> None:
    programme = make_programme(
        rule("T1", "staff", kloe=("q1",)),
        rule("T2", "staff", "out", words="nurse"),
        rule("T3", "money", review="one", finding="F2"),
        rule("T4", "money", review="one", finding="F9"),
    )
    review = make_review("one", "E10000025", confirmed("F1"), confirmed("F2"))
    table = summarise(programme, reviews=[review], on=ON).table("theme_rules")

    assert table.column("matches") == [2, 0, 1, 0]
    assert table.notes == ("These match no finding, and may hold a slip: T2, T4.",)


def test_a_rule_of_another_framework_does_not_match() -> None:
    programme = make_programme(rule("T1", "staff", framework="other", kloe=("q1",)))
    review = make_review("one", "E10000025", confirmed("F1"))

    assert find_memberships(programme, review, review.findings[0]) == ()


# --------------------------------------------------------------------------- counting


STAFF = rule("T1", "staff", kloe=("q1",))


def row_of(summary: Any, theme: str = "staff") -> dict[str, Any]:
    return next(row for row in summary.table("themes").records() if row["theme"] == theme)


def test_an_area_counts_once_and_only_for_what_is_confirmed() -> None:
    many = make_review("one", "E10000025", confirmed("F1"), confirmed("F2"))
    open_only = make_review("two", "E10000006", make_finding("F1"))
    summary = summarise(make_programme(STAFF), reviews=[many, open_only], on=ON)

    row = row_of(summary)

    assert row["areas_with_concern"] == row["areas_found"] == 1
    assert (row["findings"], row["areas_open_only"]) == (2, 1)
    assert (row["areas_that_looked"], row["areas_read"], row["areas"]) == (2, 2, 3)
    assert row["concern_in"] == "Oxfordshire"


def test_two_reviews_of_one_area_are_one_area() -> None:
    reviews = [make_review(x, "E10000025", confirmed("F1")) for x in ("one", "two")]
    summary = summarise(make_programme(STAFF), reviews=reviews, on=ON)

    assert row_of(summary)["areas_with_concern"] == row_of(summary)["areas_read"] == 1
    assert [row["review"] for row in summary.table("status").records()] == [
        "one", "two", None, None
    ]  # fmt: skip


def test_an_area_may_have_a_concern_and_a_strength() -> None:
    weak = make_review("one", "E10000025", confirmed("F1"))
    strong = make_review("two", "E10000025", confirmed("F1"), shows="strength")
    row = row_of(summarise(make_programme(STAFF), reviews=[weak, strong], on=ON))

    assert (row["areas_with_concern"], row["areas_with_strength"], row["areas_found"]) == (1, 1, 1)


def test_a_withdrawn_finding_counts_nowhere() -> None:
    review = make_review("one", "E10000025", make_finding("F1", status="withdrawn"))
    summary = summarise(make_programme(STAFF), reviews=[review], on=ON)

    assert summary.findings == ()
    assert row_of(summary)["areas_found"] == 0
    assert summary.table("status").records()[0]["withdrawn"] == 1


def test_nothing_is_common_of_few_areas() -> None:
    rules = packaged_programme_rules()
    reviews = [make_review(f"r{x}", x, confirmed("F1")) for x in AREAS]
    programme = make_programme(STAFF)
    words = [row_of(summarise(programme, reviews=reviews[:many], on=ON))["word"]
             for many in (0, 1, 2, 3)]  # fmt: skip

    assert rules.threshold("fewest_areas") == 5
    assert words == ["not found", "in one area", "recurs", "recurs"]


def test_an_area_that_did_not_look_is_no_area_without_it() -> None:
    looked = make_review("one", "E10000025", confirmed("F1"))
    elsewhere = make_review("two", "E10000006", confirmed("F1", kloe="q2"))
    row = row_of(summarise(make_programme(STAFF), reviews=[looked, elsewhere], on=ON))

    assert (row["areas_found"], row["areas_that_looked"], row["areas_read"]) == (1, 1, 2)


def test_questions_are_counted_with_those_that_nobody_answered() -> None:
    reviews = [make_review("one", "E10000025", confirmed("F1"), confirmed("F2", kloe="q2")),
               make_review("two", "E10000006", confirmed("F1"))]  # fmt: skip
    table = summarise(make_programme(), reviews=reviews, on=ON).table("questions")

    assert table.column("kloe") == ["q1", "q2", "q3"]
    assert table.column("areas_with_concern") == [2, 1, 0]
    assert table.column("areas_that_looked") == [2, 1, 0]
    assert table.column("findings") == ["one/F1; two/F1", "one/F2", ""]


def test_a_finding_under_no_theme_is_told() -> None:
    review = make_review("one", "E10000025", confirmed("F1"), confirmed("F2", kloe="q3"))
    summary = summarise(make_programme(STAFF), reviews=[review], on=ON)

    assert summary.table("findings_without_theme").column("finding") == ["F2"]


def test_good_practice_is_a_confirmed_strength() -> None:
    strong = make_review("one", "E10000025", confirmed("F1"), make_finding("F2"), shows="strength")
    weak = make_review("two", "E10000006", confirmed("F1"))
    table = summarise(make_programme(), reviews=[strong, weak], on=ON).table("good_practice")

    assert [(row["review"], row["finding"], row["several_kinds"]) for row in table.records()] == [
        ("one", "F1", "yes")
    ]


def test_improvements_recur_by_theme_and_by_question_never_by_words() -> None:
    def improvement(name: str, finding: str, verb: str, text: str) -> records.AreaForImprovement:
        return records.AreaForImprovement(
            area_for_improvement=name, level="strategic", verb=verb, text=text,
            findings=(finding,), order=1, recorded_by="ada", recorded_at=AT,
        )  # fmt: skip

    reviews = [
        make_review("one", "E10000025", confirmed("F1"),
                    areas_for_improvement=(improvement("A1", "F1", "must", "Hire."),)),
        make_review("two", "E10000006", confirmed("F1"), confirmed("F2", kloe="q2"),
                    areas_for_improvement=(improvement("A1", "F1", "should", "Train."),
                                           improvement("A2", "F2", "must", "Hire."))),
    ]  # fmt: skip
    table = summarise(make_programme(STAFF), reviews=reviews, on=ON).table("recurring_improvements")

    names = ("kind", "name", "word", "areas", "areas_must", "areas_should", "areas_for_improvement")
    rows = [tuple(row[name] for name in names) for row in table.records()]
    assert rows == [
        ("theme", "staff", "recurs", 2, 1, 1, "one/A1; two/A1"),
        ("question", "made/q1", "recurs", 2, 1, 1, "one/A1; two/A1"),
        ("question", "made/q2", "in one area", 1, 1, 0, "two/A2"),
    ]


def test_every_finding_is_followed_to_its_sources() -> None:
    review = make_review("one", "E10000025", confirmed("F1"))
    table = summarise(make_programme(STAFF), reviews=[review], on=ON).table("finding_evidence")

    assert [(row["finding"], row["side"], row["evidence"], row["source"], row["source_kind"])
            for row in table.records()] == [("F1", "for", "E0S1", "S1", "interview"),
                                            ("F1", "for", "E0S2", "S2", "visit")]  # fmt: skip


# --------------------------------------------------------------------------- tables


def test_the_packaged_programme_has_twenty_areas_each_with_its_source() -> None:
    assert packaged_programmes() == ("local_system_reviews_2017",)
    programme = read_programme("local_system_reviews_2017")

    assert len(programme.areas) == 20
    assert [one.part for one in programme.areas].count("first twelve") == 12
    assert all(one.source for one in programme.areas)
    assert {one.theme for one in programme.rules} == {one.theme for one in programme.themes}


@pytest.mark.parametrize("name", ["own", "own.xlsx"])
def test_a_programme_is_written_and_read_again(tmp_path: Any, name: str) -> None:
    programme = make_programme(STAFF, rule("T2", "money", words="pool*; money"))
    write_programme(programme, tmp_path / name)

    assert read_programme(tmp_path / name) == programme


def test_all_faults_of_a_programme_are_told_together(tmp_path: Any) -> None:
    (tmp_path / "programme.csv").write_text("programme,name,source\nx,X,us\n")
    (tmp_path / "areas.csv").write_text("area_code,area,source\nE10000052,Oxon,us\n")
    (tmp_path / "themes.csv").write_text("theme,label,meaning,order,source\nstaff,S,s,1,us\n")
    (tmp_path / "theme_rules.csv").write_text(
        "rule,theme,puts,kloe,words,review,finding,source\n"
        "T1,staf,in,q1,,,,us\n"
        "T2,staff,in,,,,,us\n"
        "T3,staff,in,q1,,one,F1,us\n"
        "T4,staff,in,,,one,,us\n"
        "T4,staff,on,q1,,,,us\n"
    )
    folder = tmp_path / "second"
    folder.mkdir()
    for name in ("programme", "themes"):
        (folder / f"{name}.csv").write_text((tmp_path / f"{name}.csv").read_text())
    (folder / "areas.csv").write_text("area_code,area,source\nE10000025,Oxon,us\n")
    (folder / "theme_rules.csv").write_text(
        "rule,theme,puts,framework,kloe,source\n"
        "T1,staff,in,local_system_review_2017,crisis_save,us\n"
    )
    with pytest.raises(TableError, match="Did you mean crisis_safe"):
        read_programme(folder)

    with pytest.raises(TableError) as caught:
        read_programme(tmp_path)

    told = str(caught.value)
    assert "areas.csv row 2, column area_code" in told
    assert "Did you mean staff?" in told
    assert "theme_rules.csv row 3" in told
    assert "A rule names a finding, a question or a word." in told
    assert "about both" in told
    assert "named by its review and its id together" in told
    assert "theme_rules.csv row 6, column puts" in told
