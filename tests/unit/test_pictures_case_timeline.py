"""The timeline of a case: whole SVG, everything in words, nothing outside the picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.helpers.stays_tables import make_stays
from wholesystem.pictures.case_timeline import case_timeline_table, draw_case_timeline
from wholesystem.reviews.cases import TimelineRow, timeline_rows, type_in_case

SVG = "{http://www.w3.org/2000/svg}"
HEAD = "person stay service requested_at started_at ready_at ended_at next_service reason\n"


def rows_of(text: str) -> tuple[TimelineRow, ...]:
    stays = make_stays(HEAD + text, "01T00:00", "2017-02-01T00:00")
    return timeline_rows(stays.table, labels={"ward": "Ward <1> & 2"})


AWKWARD = rows_of(
    "p 1 ward - 01T08:00 05T12:00 15T12:00 home_care E\n"
    "p 2 home_care 05T12:00 15T12:00 - - - -\n"
    "p 3 nursing 18T09:00 20T09:00 - 25T09:00 - -\n"
    "p 4 nursing - 25T13:00 26T00:00 - - Z\n"
)


def drawn(rows: tuple[TimelineRow, ...], title: str = "Case <1>") -> ElementTree.Element:
    return ElementTree.fromstring(draw_case_timeline(title, rows))


def test_it_is_one_picture_with_title_and_description() -> None:
    root = drawn(AWKWARD)
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert title is not None
    assert title.text == "Case <1>"
    assert description is not None
    assert description.text is not None
    for words in (
        "4 stays in order.",
        "Ward <1> & 2 from 2017-01-01 08:00 to 2017-01-15 12:00.",
        "Delayed 10.0 days: Awaiting care package in own home.",
        "home care from 2017-01-15 12:00 to an unknown end. Waited 10.0 days. End not known.",
        "Runs beside stay 2 (home care).",
        "Ready to leave: Z. End not known.",
        "Back in the same service on the day of leaving it.",
    ):
        assert words in description.text


def test_shapes_tell_what_colours_do() -> None:
    svg = draw_case_timeline("Case", AWKWARD)

    # One sample in the legend, then one for each stay that has it.
    assert svg.count("stroke-dasharray") == 1 + 2
    assert svg.count('-delay)"') == 1 + 1
    assert svg.count("m-6 -5l6 5l-6 5") == 1 + 2


def test_nothing_stands_outside_the_picture() -> None:
    root = drawn(AWKWARD, "A title that goes on and on " * 20)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())

    for box in root.iter(f"{SVG}rect"):
        if "x" in box.attrib:
            assert 0 <= float(box.attrib["x"])
            assert float(box.attrib["x"]) + float(box.attrib["width"]) <= width
    for line in root.iter(f"{SVG}text"):
        assert float(line.attrib["y"]) < height
        if line.attrib.get("text-anchor") is None:
            assert float(line.attrib["x"]) + float(line.attrib.get("textLength", 0)) <= width


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("05T12:00", "05T12:00 to 12:00"),  # no delay is told where there is none
        ("05T12:30", "Delayed 30 min; reason not known."),
        ("06T18:00", "Delayed 30 h; reason not known."),
        ("09T00:00", "Delayed 3.5 days; reason not known."),
    ],
)
def test_lengths_are_told_as_people_say_them(end: str, told: str) -> None:
    svg = draw_case_timeline("Case", rows_of(f"p 1 ward - 05T12:00 05T12:00 {end} - -"))

    assert (told in svg) is ("Delayed" in told)
    assert ("Delayed" in svg) is ("Delayed" in told)


def test_the_table_has_the_same_facts() -> None:
    table = case_timeline_table("Case", AWKWARD)

    assert len(table.columns) == len(table.numeric)
    assert table.rows[0] == (
        "1",
        "Ward <1> & 2",
        "",
        "2017-01-01 08:00",
        "",
        "2017-01-05 12:00",
        "2017-01-15 12:00",
        "10.0",
        "Awaiting care package in own home",
        "home care",
        "",
    )
    assert table.rows[1][6] == ""
    assert [row[0] for row in table.rows] == ["1", "2", "3", "4"]


def test_the_same_case_gives_the_same_picture_and_ids_of_its_own() -> None:
    first, again = draw_case_timeline("Case", AWKWARD), draw_case_timeline("Case", AWKWARD)
    other = draw_case_timeline("Case", AWKWARD[:1])

    assert first == again
    assert not set(re.findall(r' id="(.*?)"', first)) & set(re.findall(r' id="(.*?)"', other))


def test_a_stay_over_the_turn_of_a_year_names_both() -> None:
    svg = draw_case_timeline("Case", rows_of("p 1 ward - 2016-12-30T10:00 - 2017-01-02T11:00 - -"))

    assert "30 Dec 2016 10:00 to 2 Jan 2017 11:00." in svg


def test_the_strangest_times_and_words_still_make_a_picture() -> None:
    case = type_in_case(
        "strange",
        [
            {"service": "x" * 200, "started_at": "2017-01-01", "ended_at": "2017-01-01"},
            {
                "service": "\u05d1\u05d9\u05ea <&> \U0001f691",
                "started_at": "2017-01-01",
                "ready_at": "2017-01-01",
                "ended_at": "2017-01-01T00:00:01",
                "reason": "r" * 2000,
            },
            {"service": "b", "requested_at": "1900-01-01", "started_at": "2199-12-31T23:59"},
        ],
    )
    rows = timeline_rows(case.stays)
    root = drawn(rows)

    assert len(root.findall(f"{SVG}text")) > 5
    assert "Delayed less than a minute: rrr" in "".join(root.itertext())
    # What the picture shortens, the table tells in full.
    assert case_timeline_table("Case", rows).rows[1][8] == "r" * 2000
