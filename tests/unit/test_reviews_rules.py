"""The table of rules: as packaged, and with a user's own thresholds."""

import csv
from pathlib import Path

import pytest

from tests.helpers.bundles import faults_of
from tests.helpers.reviews import (
    TODAY,
    make_evidence,
    make_finding,
    make_link,
    make_review,
    make_rules,
    make_source,
)
from wholesystem.errors import TableError
from wholesystem.reviews import packaged_rules, read_rules, triangulate, warnings_of
from wholesystem.reviews.rules import MOST_NAMED
from wholesystem.reviews.rules_table import Rule

COLUMNS = "rule,label,threshold,unit,on,why"


def table(folder: Path, *lines: str, header: str = COLUMNS) -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def write_packaged(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS.split(","))
        writer.writeheader()
        writer.writerows(one.cells() for one in packaged_rules().rows)


# --------------------------------------------------------------------------- as packaged


def test_the_packaged_rules_are_fourteen_each_with_its_reason_and_all_on() -> None:
    rules = packaged_rules()

    assert len(rules.rows) == len(rules.by_id) == 14
    assert all(one.on == "yes" and one.why.endswith(".") for one in rules.rows)
    assert {one.rule: one.threshold for one in rules.rows} == {
        "rests_on_withdrawn": 0, "no_evidence": 1, "contrary_not_considered": 0,
        "figure_changed": 0, "opposite_not_linked": 0, "contradicted_share": 0.5, "few_sources": 2,
        "few_kinds": 2, "old_evidence": 365, "no_finding": 1, "nothing": 1, "uncoded": 0,
        "no_date": 0, "overdue": 0,
    }  # fmt: skip


def test_a_threshold_that_is_no_publishers_says_that_it_is_ours() -> None:
    for name in ("contradicted_share", "old_evidence"):
        assert "The threshold is ours." in packaged_rules().by_id[name].why


def test_a_warning_bears_its_rule() -> None:
    review = make_review(findings=(make_finding("F1"),))
    found = {one.rule.rule: one for one in warnings_of(review, TODAY)}

    assert set(found) == {"no_evidence", "nothing"}
    assert found["no_evidence"].rule is packaged_rules().by_id["no_evidence"]
    assert found["no_evidence"].remedy == "Link evidence, or withdraw it."


def test_an_empty_review_is_told_its_questions_alone() -> None:
    found = warnings_of(make_review(), TODAY)

    assert [(one.rule.rule, one.table, one.record) for one in found] == [
        ("nothing", "questions", "q1"),
        ("nothing", "questions", "q2"),
    ]
    assert warnings_of(make_review(), TODAY, rules=make_rules(off=["nothing"])) == ()


def test_of_many_pieces_the_first_six_are_named_and_the_rest_counted() -> None:
    against = [make_evidence(f"E{at}", shows="strength") for at in range(MOST_NAMED + 3)]
    review = make_review(
        sources=(make_source("S1"),),
        evidence=(make_evidence("E"), *against),
        findings=(make_finding("F1"),),
        finding_evidence=(
            make_link("F1", "E"),
            *(make_link("F1", one.evidence, "against") for one in against),
        ),
    )
    told = [one.sentence for one in warnings_of(review, TODAY) if one.table == "findings"]

    assert "Evidence against it is not weighed: E0, E1, E2, E3, E4, E5 and 3 more." in told


# --------------------------------------------------------------------------- a user's own


def test_the_packaged_table_as_a_users_own_changes_nothing(tmp_path: Path) -> None:
    write_packaged(tmp_path / "rules.csv")

    assert read_rules(tmp_path / "rules.csv") == packaged_rules()


def test_a_threshold_and_a_switch_are_the_users_and_the_rest_stays(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "overdue,Late,7,days,no,Our own reason.",
        "few_sources,Few,3,sources,yes,Three are better.",
    )
    rules = read_rules(path)

    assert [one.rule for one in rules.rows] == [one.rule for one in packaged_rules().rows]
    assert (rules.threshold("few_sources"), rules.is_on("few_sources")) == (3, True)
    assert (rules.threshold("overdue"), rules.is_on("overdue")) == (7, False)
    assert rules.by_id["few_sources"].why == "Three are better."
    assert rules.by_id["few_kinds"] == packaged_rules().by_id["few_kinds"]


def test_columns_that_are_left_out_stay_as_packaged(tmp_path: Path) -> None:
    path = table(tmp_path, "few_kinds,3", header="rule,threshold")
    packaged = packaged_rules().by_id["few_kinds"]

    assert read_rules(path).by_id["few_kinds"] == packaged.model_copy(update={"threshold": 3})


@pytest.mark.parametrize("header", ["rule,threshold", "threshold,rule"])
def test_a_table_with_no_row_is_the_packaged_one(tmp_path: Path, header: str) -> None:
    assert read_rules(table(tmp_path, header=header)) == packaged_rules()


def test_a_users_thresholds_reach_the_grid_and_the_warnings(tmp_path: Path) -> None:
    rules = read_rules(
        table(tmp_path, "few_sources,1", "few_kinds,1", "nothing,0", header="rule,threshold")
    )
    review = make_review(
        sources=(make_source("S1"),),
        evidence=(make_evidence("E1"),),
        findings=(make_finding("F1"),),
        finding_evidence=(make_link("F1", "E1"),),
    )

    assert triangulate(review).row_by_kloe["q1"].state == "thin"
    assert triangulate(review, rules).row_by_kloe["q1"].state == "well evidenced"
    assert {one.rule.rule for one in warnings_of(review, TODAY)} == {"few_sources", "nothing"}
    assert warnings_of(review, TODAY, rules=rules) == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "few_source,2",
            "mine.csv row 2, column rule is 'few_source'. There is no such rule."
            " Did you mean few_sources?",
        ),
        (
            "xyz,2",
            "mine.csv row 2, column rule is 'xyz'. There is no such rule. The rules are"
            " rests_on_withdrawn, no_evidence, contrary_not_considered, figure_changed,"
            " opposite_not_linked, contradicted_share, few_sources, few_kinds, old_evidence,"
            " no_finding, nothing, uncoded, no_date, overdue.",
        ),
        (
            "few_sources,two",
            "mine.csv row 2, column threshold is 'two'. A finite number is needed here."
            " Write it in digits, such as 12.5.",
        ),
        (
            "few_sources,-1",
            "mine.csv row 2, column threshold is '-1'. It must be at least 0 and at most 1000000."
            " Correct the number.",
        ),
        (
            "few_sources,1000001",
            "mine.csv row 2, column threshold is '1000001'. It must be at least 0 and at most"
            " 1000000. Correct the number.",
        ),
        (
            "few_sources,",
            "mine.csv row 2, column threshold is blank. A value is needed here. Write a number.",
        ),
        (
            ",2",
            "mine.csv row 2, column rule is blank. A value is needed here. Fill the cell.",
        ),
    ],
)
def test_a_fault_is_told_with_file_row_column_rule_and_remedy(
    tmp_path: Path, line: str, told: str
) -> None:
    path = table(tmp_path, line, header="rule,threshold")

    assert faults_of(lambda: read_rules(path)) == [told]


def test_a_rule_stands_once(tmp_path: Path) -> None:
    path = table(tmp_path, "overdue,1", "uncoded,1", "overdue,1", header="rule,threshold")

    assert faults_of(lambda: read_rules(path)) == [
        "mine.csv row 4, column rule is 'overdue'. It stands in an earlier row too. Remove one."
    ]


@pytest.mark.parametrize(("word", "is_refused"), [("no", False), ("yes", False), ("maybe", True)])
def test_a_switch_is_yes_or_no(tmp_path: Path, word: str, is_refused: bool) -> None:
    path = table(tmp_path, f"overdue,1,{word}", header="rule,threshold,on")
    told = faults_of(lambda: read_rules(path))

    if is_refused:
        assert told == [
            "mine.csv row 2, column on is 'maybe'. It must be one of yes, no. Write yes."
        ]
    else:
        assert told == []
        assert read_rules(path).is_on("overdue") == (word == "yes")


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    path = table(
        tmp_path, "few_kind,1", "overdue,x", "nothing,1", "nothing,2", header="rule,threshold"
    )
    with pytest.raises(TableError) as told:
        read_rules(path)

    assert [fault.where for fault in told.value.faults] == [
        "mine.csv row 3, column threshold",
        "mine.csv row 2, column rule",
        "mine.csv row 5, column rule",
    ]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("rule", "The column threshold is missing. Add a column threshold."),
        ("threshold", "The column rule is missing. Add a column rule."),
        ("rule,threshold,colour", "There is no column 'colour' in this table. Remove it;"),
    ],
)
def test_a_header_has_what_is_needed_and_nothing_else(
    tmp_path: Path, header: str, told: str
) -> None:
    path = table(tmp_path, ",".join(["1"] * len(header.split(","))), header=header)

    assert any(
        fault.startswith(f"mine.csv row 1: {told}") for fault in faults_of(lambda: read_rules(path))
    )


def test_a_file_that_is_not_there_or_no_table_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "none.csv"
    assert faults_of(lambda: read_rules(missing)) == [
        f"{missing}: There is no such file. Check the name."
    ]
    assert faults_of(lambda: read_rules(tmp_path)) == [
        f"{tmp_path}: There is no such file. Check the name."
    ]
    (tmp_path / "empty.csv").write_bytes(b"")
    (told,) = faults_of(lambda: read_rules(tmp_path / "empty.csv"))
    assert told.startswith("empty.csv: It is empty.")


def test_columns_are_those_of_the_packaged_table() -> None:
    assert ",".join(Rule.columns()) == COLUMNS
