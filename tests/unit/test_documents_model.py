"""A document cannot be made with a fault in it, and is told of all its faults at once."""

from datetime import date
from typing import Any

import pytest

from tests.helpers.reports import SVG, make_document, make_figure, make_table
from wholesystem.errors import TableError
from wholesystem.reports.documents import (
    BulletList,
    CallOut,
    Cell,
    Citation,
    Column,
    Contents,
    Cover,
    Document,
    Evidence,
    Figure,
    Footnote,
    Heading,
    Item,
    Link,
    Paragraph,
    Reference,
    Table,
    Text,
    number_cell,
)


def faults_of(*blocks: Any, **more: Any) -> list[str]:
    with pytest.raises(TableError) as caught:
        make_document(*blocks, **more)
    return [str(fault) for fault in caught.value.faults]


def table_of(*cells: Any, **more: Any) -> Table:
    columns = tuple(Column(f"Column {n}") for n in range(len(cells)))
    return Table("A table", more.pop("columns", columns), (cells,), **more)


def test_a_picture_without_alternative_text_is_refused_by_its_name() -> None:
    blank = [make_figure(name, alternative=" ") for name in ("map.svg", "delays.svg")]

    faults = faults_of(*blank)

    assert [fault[: fault.index(":")] for fault in faults] == [
        "picture 'map.svg'",
        "picture 'delays.svg'",
    ]
    assert "no alternative text" in faults[0]
    assert "Say in a sentence or two" in faults[0]


def test_all_faults_are_told_together() -> None:
    faults = faults_of(
        Heading(2, "Too deep"),
        Paragraph(" "),
        make_figure(alternative="", caption=""),
        Paragraph((Reference("nowhere"), Citation("nothing"))),
    )

    assert len(faults) == 6


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ((Heading(1, "A"), Heading(3, "B")), "Level 3 follows level 1"),
        ((Heading(5, "A"),), "Levels are 1 to 4"),
        ((Heading(1, " "),), "A heading says what follows"),
        ((Heading(1, "A"), Heading(2, "B", appendix=True)), "An appendix is of level 1"),
        ((Heading(1, "A", appendix=True), Heading(1, "B")), "It follows the appendix 'A'"),
        ((Contents(), Contents()), "There is one table of contents"),
        ((Contents(depth=9),), "Levels are 1 to 4"),
        ((BulletList(()),), "It has no items"),
        ((BulletList((Item(""),)),), "An item says something"),
        (
            (BulletList((Item("1", (Item("2", (Item("3", (Item("4"),)),)),)),)),),
            "three levels at most",
        ),
        ((CallOut("", (Paragraph("x"),)),), "A call-out has a title"),
        ((CallOut("Note", ()),), "It is empty"),
        ((CallOut("Note", (make_table(),)),), "It holds paragraphs and lists"),  # type: ignore[arg-type]
        ((Table("", (Column("a"),), (("x",),)),), "It has no caption"),
        ((Table("T", (Column("a"),), ()),), "It has no rows"),
        ((Table("T", (Column(""),), (("x",),)),), "It has no heading"),
        ((Table("T", (Column("a", "up"),), (("x",),)),), "left, right or centre"),  # type: ignore[arg-type]
        ((Table("T", (Column("a"),), (("x", "y"),)),), "There are 1 columns"),
        ((table_of(*["x"] * 17),), "1 to 16 columns"),
        ((table_of("", "x"),), "says what the row is"),
        ((table_of("x", Cell("12.5", 13.0)),), "Its figure is 13.0"),
        ((table_of("x", Cell("none", 0.0)),), "Its figure is 0.0"),
        ((Paragraph((Link("", "https://example.org"),)),), "It has no words"),
        ((Paragraph((Link("x", "javascript:alert(1)"),)),), "address of a web page"),
        ((Paragraph((Link("x", "https://a b"),)),), "address of a web page"),
        ((Paragraph((Footnote(""),)),), "A note says something"),
        ((Paragraph((Footnote((Citation("e1"),)),)),), "A note holds text and links"),  # type: ignore[arg-type]
        ((Heading(1, "A", anchor="Not This"),), "small letters, digits and hyphens"),
        ((Heading(1, "A", anchor="a"), make_figure(anchor="a")), "It stands 2 times"),
        ((Paragraph("x", id="p"), BulletList((Item("y", id="p"),))), "It stands 2 times"),
        (("words",), "A document cannot hold it"),
        (
            (make_figure(data=table_of("x", Cell((Citation("e1"),)))),),
            "Data of a picture hold no notes",
        ),
    ],
)  # fmt: skip
def test_a_fault_says_the_rule_that_it_breaks(blocks: tuple[Any, ...], words: str) -> None:
    assert words in "\n".join(faults_of(*blocks))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"language": "English"}, "It must be a code of a language"),
        ({"cover": Cover(date="27 November")}, "It must be a date"),  # type: ignore[arg-type]
        ({"evidence": (Evidence("a", "x"), Evidence("a", "y"))}, "It stands 2 times"),
        ({"evidence": (Evidence("a", ""),)}, "Evidence says what it is"),
    ],
)
def test_what_surrounds_the_text_is_checked(more: dict[str, Any], words: str) -> None:
    assert words in "\n".join(faults_of(Paragraph("x"), **more))


def test_a_document_has_a_title() -> None:
    with pytest.raises(TableError, match="A document has a title"):
        Document(" ", (Paragraph("x"),))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,345.7", 12345.67),
        ("-3%", -3.2),
        ("\u22123%", -3.0),
        ("0", 0.4),
        ("12.5 days", 12.5),
        ("1,234", 1234),
        ("0.1", 0.1),
        ("2.675", 2.675),
    ],
)
def test_a_figure_may_be_what_its_cell_shows_rounded(text: str, value: float) -> None:
    assert make_document(table_of("x", Cell(text, value)))


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(1234.5, 1, "1,234.5"), (-0.2, 0, "0"), (-0.04, 1, "0.0"), (-12.0, 1, "-12.0"),
     (1e7, 0, "10,000,000")],
)  # fmt: skip
def test_a_number_cell_shows_its_figure(value: float, places: int, shown: str) -> None:
    cell = number_cell(value, places)

    assert (cell.text, cell.value) == (shown, value)
    assert make_document(table_of("x", cell))


def test_a_figure_that_is_not_known_is_said_so() -> None:
    assert number_cell(float("nan")) == Cell("not known")


def test_a_document_with_everything_has_no_fault() -> None:
    document = make_document()

    assert document.cover is not None
    assert document.cover.date == date(2026, 11, 27)


def test_words_may_be_all_in_a_link_or_a_mark() -> None:
    assert make_document(Paragraph((Citation("e1"),)), Paragraph((Text(" "), Citation("e2"))))


def test_a_figure_needs_no_data() -> None:
    assert make_document(Figure("a.svg", SVG, "A bar.", "A bar"))
