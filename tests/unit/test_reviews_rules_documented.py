"""The page of rules is the table of rules, and each rule is told in the explanation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from wholesystem.examples.review import read_example_review
from wholesystem.reviews import packaged_rules, triangulate, warnings_of
from wholesystem.tables.cells import number_text

DOCS = Path(__file__).parents[2] / "docs"
HEAD = ("| rule | what it warns of | threshold | on | why |", "|---|---|---|---|---|")


def as_lines() -> list[str]:
    """The packaged rules as the page has them."""
    return [
        *HEAD,
        *(
            f"| `{one.rule}` | {one.label} | {number_text(one.threshold)} {one.unit} | {one.on}"
            f" | {one.why} |"
            for one in packaged_rules().rows
        ),
    ]


def test_the_page_of_rules_is_the_packaged_table() -> None:
    page = (DOCS / "reference" / "rules.md").read_text(encoding="utf-8").splitlines()
    begin = page.index(HEAD[0])

    assert page[begin : begin + len(as_lines())] == as_lines(), "\n".join(as_lines())
    assert not page[begin + len(as_lines())].startswith("|")


def test_each_rule_is_explained() -> None:
    page = (DOCS / "explanation" / "triangulation.md").read_text(encoding="utf-8")

    assert [one.rule for one in packaged_rules().rows if f"`{one.rule}`" not in page] == []


def test_the_numbers_told_of_the_packaged_review_are_so() -> None:
    review = read_example_review().review
    grid = triangulate(review)
    warnings = warnings_of(review, date(2018, 2, 12), grid=grid)
    opposite = {one.record for one in warnings if one.rule.rule == "opposite_not_linked"}
    explained = (DOCS / "explanation" / "triangulation.md").read_text(encoding="utf-8")
    decided = (DOCS / "decisions" / "0030-what-is-thin-and-contradicted.md").read_text("utf-8")

    assert f"{len(grid.contradictions)} of {len(grid.rows)}" == "35 of 38"
    assert grid.count_states()["contradicted"] == 6
    assert grid.count_states()["thin"] == 3
    assert f"{len(opposite)} of {len(review.findings)}" == "22 of 37"
    assert "35 of 38" in explained
    assert "Six are left" in explained
    assert "six\nquestions are contradicted and three are thin" in decided
    assert "22 of 37" in decided
