"""Pictures of feedback: every figure in words, what is hidden or missing said, any text."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from wholesystem.errors import ParameterError
from wholesystem.pictures import answer_bars, pair_matrix
from wholesystem.pictures.answer_bars import answer_bars_table, draw_answer_bars
from wholesystem.pictures.feedback_rows import AnswerBar, AnswerStep, PairCell, RateBar, percent
from wholesystem.pictures.pair_matrix import draw_pair_matrix, pair_matrix_table
from wholesystem.pictures.palette import INK, PAPER, contrast
from wholesystem.pictures.rate_bars import draw_rate_bars, rate_bars_table

SVG = "{http://www.w3.org/2000/svg}"
STEPS = (
    AnswerStep("Always", "positive"),
    AnswerStep("Often", "positive"),
    AnswerStep("So so", "middle"),
    AnswerStep("Never", "negative"),
    AnswerStep("Cannot say", "apart"),
)
ODD = "<b>&\x00 שלום 🩺 " + "long " * 60


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]


def widths(svg: str) -> list[float]:
    """Of the bars, which are 20 high; a legend's squares are 12."""
    found = [dict(one.attrib) for one in ET.fromstring(svg).iter(f"{SVG}rect")]
    return [float(one["width"]) for one in found if one["height"] == "20"]


def test_answer_bars_stand_on_both_sides_of_the_line_by_share() -> None:
    bars = [AnswerBar("Council", (2, 3, 2, 3, 6), 0.5, 0.24, 0.76)]

    svg = draw_answer_bars("On time?", STEPS, bars, measure="positive answers")

    never, middle, often, always = widths(svg)
    assert never == pytest.approx(1.5 * middle, rel=0.01)
    assert often == pytest.approx(1.5 * always, rel=0.01)
    (line,) = [one for one in ET.fromstring(svg).iter(f"{SVG}path") if one.get("stroke") == INK]
    rects = [one for one in ET.fromstring(svg).iter(f"{SVG}rect") if one.get("height") == "20"]
    zero = float(line.attrib["d"].split()[0][1:])
    assert zero == pytest.approx(float(rects[1].attrib["x"]) + middle / 2, abs=0.1)
    assert {"n = 10, 6 beside", "50% (24% to 76%)"} <= set(texts(svg))


def test_hidden_and_empty_groups_say_so_in_picture_and_table() -> None:
    bars = [AnswerBar("Few", None), AnswerBar("None", (0, 0, 0, 0, 0))]

    svg = draw_answer_bars("On time?", STEPS, bars, measure="positive answers")
    table = answer_bars_table("On time?", STEPS, bars, measure="positive answers")

    assert {"not shown", "nobody answered"} <= set(texts(svg))
    assert widths(svg) == []
    assert table.rows[0] == ("Few", *("not shown",) * 7)
    assert table.rows[1] == ("None", "0", *("0",) * 5, "nobody answered")


def test_the_matrix_tells_missing_from_hidden_and_tints_neither() -> None:
    cells = [
        PairCell("Council", "Hospital", 16, 5 / 16, 0.14, 0.56),
        PairCell("Hospital", "Council", None),
        PairCell("Care homes", "Hospital", 0),
    ]

    svg = draw_pair_matrix("Trust?", cells, measure="answers")
    table = pair_matrix_table("Trust?", cells, measure="answers")

    assert {"31%", "n = 16", "not shown", "nobody", "answered"} <= set(texts(svg))
    assert [row[2:] for row in table.rows] == [
        ("16", "31%", "14% to 56%"),
        ("not shown", "not shown", "not shown"),
        ("0", "nobody answered", ""),
    ]
    fills = [one.get("fill") for one in ET.fromstring(svg).iter(f"{SVG}rect")]
    assert fills.count(PAPER) == 2


def test_rates_without_a_rate_have_no_bar_and_a_reason() -> None:
    bars = [
        RateBar("Council", 20, 10, 0.5),
        RateBar("Hospital", 5, 9, None, "No rate: an open link was given out."),
        RateBar("Few", 5, None, None, "Not shown."),
    ]

    svg = draw_rate_bars("Rates", bars)

    assert {"50%: 10 of 20", "9 people answered, no rate", "not shown"} <= set(texts(svg))
    assert len(list(ET.fromstring(svg).iter(f"{SVG}rect"))) == 2
    assert [row[4] for row in rate_bars_table("Rates", bars).rows] == [one.reason for one in bars]


def test_any_text_is_drawn_and_stays_within_the_picture() -> None:
    for svg in (
        draw_answer_bars(ODD, [AnswerStep(ODD, "positive")], [AnswerBar(ODD, (7,))], measure=ODD),
        draw_pair_matrix(ODD, [PairCell(ODD, ODD, 5, 1.0, 0.6, 1.0)], measure=ODD),
        draw_rate_bars(ODD, [RateBar(ODD, 5, 5, 1.0)]),
    ):
        root = ET.fromstring(svg)
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        width, height = map(float, root.attrib["viewBox"].split()[2:])
        for one in root.iter(f"{SVG}text"):
            assert 0 <= float(one.attrib["x"]) <= width
            assert 0 <= float(one.attrib["y"]) <= height


def test_what_cannot_be_drawn_is_told() -> None:
    with pytest.raises(ParameterError, match="a count for each of the 5 answers"):
        draw_answer_bars("?", STEPS, [AnswerBar("Council", (1, 2))], measure="x")
    with pytest.raises(ParameterError, match="no bar"):
        draw_answer_bars("?", STEPS, [], measure="x")
    with pytest.raises(ParameterError, match="no group"):
        draw_rate_bars("?", [])
    with pytest.raises(ParameterError, match="twice"):
        draw_pair_matrix("?", [PairCell("a", "b", 0)] * 2, measure="x")


def test_shares_near_none_and_all_are_not_rounded_to_them() -> None:
    assert [percent(one) for one in (0, 0.001, 0.3125, 0.999, 1)] == [
        "0%", "under 1%", "31%", "over 99%", "100%",
    ]  # fmt: skip


def test_numbers_on_bars_and_cells_can_be_read() -> None:
    fills = [one for shades in answer_bars._COLOURS.values() for one in shades]
    fills += [colour for _, colour in pair_matrix._TINTS]

    assert all(max(contrast(ink, fill) for ink in (INK, PAPER)) >= 4.5 for fill in fills)
