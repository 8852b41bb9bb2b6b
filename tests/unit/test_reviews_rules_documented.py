"""The page of rules is the table of rules, and each rule is told in the explanation."""

from __future__ import annotations

from pathlib import Path

from wholesystem.reviews import packaged_rules
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
