"""A review comes back from a bundle as it was, whatever people type; or what they type is refused.

And whatever is written into any file of a bundle, reading tells faults in plain words or makes a
review: never a traceback.
"""

from __future__ import annotations

import contextlib
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.helpers import bundles
from wholesystem.errors import TableError
from wholesystem.reviews import BundleFiles, anchor, make_event, read_bundle, records, write_bundle
from wholesystem.reviews.cells import LONGEST_PASSAGE
from wholesystem.reviews.review import TABLES

TRICKY = st.sampled_from(
    [
        "=1+1", "'=1+1", "''=1", "+44", "-3", "-3.50", "@here", "'", "''", "'hello", "\t=1",
        "'\t=1", "a,b", 'say "no"', '"', '""', "two\nlines", "two\r\nlines", "old\rmac",
        "tab\there", " padded ", "\N{RIGHT-TO-LEFT OVERRIDE}abc", "שלום, עולם", "مرحبا", "👪 🏥",
        "🏴\N{ZERO WIDTH JOINER}☠️", "e\N{COMBINING ACUTE ACCENT}", "\N{LINE SEPARATOR}",
        "\N{NO-BREAK SPACE}x\N{NO-BREAK SPACE}", "a\N{NEXT LINE}b", "\ufeffx", "\x00", "\x0b",
        "\x1c", "\ud800", "\ufffe", "#N/A", "NaN", "007", "1e5", ";", "a; b", "x" * 2_001,
        "_x0041_", "{braces}", "%s", "<script>", "| a |", "\\", "日本", "ß" * 20_000, "x" * 20_001,
    ]
)  # fmt: skip
TEXT = TRICKY | st.text(max_size=30) | st.text("=+-@'\t\r\n\"a,; ", max_size=8)


def made(row: Any, /, **values: Any) -> tuple[Any, ...]:
    """A row; none where what was typed is refused."""
    try:
        return (row(**values),)
    except ValidationError:
        return ()


@st.composite
def sources(draw: st.DrawFn, by: dict[str, Any], organisations: tuple[str, ...]) -> Any:
    return tuple(
        row
        for number in range(draw(st.integers(0, 2)))
        for row in made(
            records.Source, source=f"S{number}", kind="visit", title=draw(TEXT), who=draw(TEXT),
            place=draw(TEXT), organisations=organisations, note=draw(TEXT), withdrawn=draw(TEXT),
            **by,
        )
    )  # fmt: skip


@st.composite
def evidence(draw: st.DrawFn, by: dict[str, Any], source: str) -> Any:
    return tuple(
        row
        for number in range(draw(st.integers(0, 3)))
        for row in made(
            records.Evidence, evidence=f"E{number}", source=source, form="quote", text=draw(TEXT),
            place=draw(TEXT), shows="neither",
            kloe=draw(st.sampled_from([(), ("crisis_safe",)])), **by,
        )
    )  # fmt: skip


def history_of(reasons: list[str]) -> tuple[Any, ...]:
    history: list[Any] = []
    for why in reasons:
        try:
            event = make_event(
                history[-1] if history else None, at=bundles.AT, by="ada", action="changed",
                table="evidence", record="E1", changes={"text": [None, why, 1]}, why=why,
            )  # fmt: skip
        except ValidationError:
            continue
        history.append(event)
    return tuple(history)


@st.composite
def reviews(draw: st.DrawFn) -> Any:
    """The small review with anything typed into its texts, ids and times."""
    at = draw(st.datetimes(datetime(1900, 1, 1), datetime(2300, 1, 1)))
    by = {"recorded_by": "ada", "recorded_at": at}
    organisations = {
        row.organisation: row
        for _ in range(draw(st.integers(0, 3)))
        for row in made(
            records.Organisation, organisation=draw(TEXT), name=draw(TEXT), kind=draw(TEXT)
        )
    }
    from_where = draw(sources(by, tuple(organisations)))
    findings = made(
        records.Finding, finding="F1", kloe="crisis_home", statement=draw(TEXT),
        status="candidate", note=draw(TEXT), **by,
    )  # fmt: skip
    cleared: dict[str, Any] = {name: () for name in TABLES if name != "people"}
    return bundles.review(
        **cleared
        | {
            "people": (records.Person(person="ada", name="Ada", role="lead"),),
            "organisations": tuple(organisations.values()),
            "sources": from_where,
            "evidence": draw(evidence(by, from_where[0].source)) if from_where else (),
            "findings": findings,
            "history": history_of(draw(st.lists(TEXT, max_size=3))),
        }
    )


@settings(deadline=None, max_examples=150)
@given(review=reviews())
def test_a_review_comes_back_and_is_written_again_alike(review: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        write_bundle(review, None, Path(place) / "a.zip")
        found = read_bundle(Path(place) / "a.zip")
        assert found.review == review
        assert found.edited == ()

        write_bundle(found.review, found.files, Path(place) / "b")
        again = read_bundle(Path(place) / "b")
        write_bundle(again.review, again.files, Path(place) / "c.zip")
        assert (Path(place) / "a.zip").read_bytes() == (Path(place) / "c.zip").read_bytes()


@settings(deadline=None, max_examples=300)
@given(text=TEXT | st.text(st.characters(), min_size=1, max_size=200))
def test_what_is_kept_of_a_passage_comes_back_letter_by_letter(text: str) -> None:
    values = {"evidence": "E1", "source": "S1", "form": "quote", "shows": "neither", **bundles.BY}
    rows = made(records.Evidence, text=text, **values)
    if not rows:
        return

    with tempfile.TemporaryDirectory() as place:
        review = bundles.review(evidence=rows, figures=(), anchors=(), finding_evidence=())
        write_bundle(review, bundles.attached(), Path(place) / "b")
        found = read_bundle(Path(place) / "b").review.evidence[0]
    assert found.text == rows[0].text == text.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.mark.parametrize("letter", ["x", "🏥", "ש", '"', "\n", "'", "=", ","])
def test_the_longest_passage_comes_back(letter: str, tmp_path: Path) -> None:
    text = "a" + letter * (LONGEST_PASSAGE - 2) + "z"
    row = bundles.review().evidence[0].model_copy(update={"text": text})
    write_bundle(bundles.review(evidence=(row, bundles.review().evidence[1])), None, tmp_path / "b")

    assert read_bundle(tmp_path / "b").review.evidence[0].text == text


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\ud83d", "\ufffe"])
def test_what_no_file_can_hold_is_refused_on_entry(letter: str) -> None:
    row = bundles.review().evidence[0]
    with pytest.raises(ValidationError, match="control characters"):
        records.Evidence(**row.model_dump() | {"text": f"a{letter}b"})


# --------------------------------------------------------------------------- anything in any file

JUNK = st.binary(max_size=20) | st.sampled_from(
    [
        b"", b"\x00", b'"', b"\n", b",", b"\xff\xfe", b"\xef\xbb\xbf", b"=1", b"\r", b"[" * 20_000,
        b"9" * 5_000, b"NaN", b"1e999", b"-1", b"null", b"{}", b"\\ud800", b"\xed\xa0\x80",
        b"../x", b"x" * 140_000,
    ]
)  # fmt: skip
with tempfile.TemporaryDirectory() as _place:
    FILES = bundles.tree(bundles.written(Path(_place)))


@settings(deadline=None, max_examples=400)
@given(
    name=st.sampled_from(sorted(FILES)),
    at=st.floats(0, 1),
    removed=st.integers(0, 40),
    junk=JUNK,
    packed=st.booleans(),
)
def test_anything_in_any_file_is_told_in_plain_words(
    name: str, at: float, removed: int, junk: bytes, packed: bool
) -> None:
    data = FILES[name]
    place = int(at * len(data))
    changed = FILES | {name: data[:place] + junk + data[place + removed :]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b"
        if packed:
            path = bundles.zipped(changed, Path(folder) / "b.zip")
        else:
            for file, content in changed.items():
                (path / file).parent.mkdir(parents=True, exist_ok=True)
                (path / file).write_bytes(content)
        try:
            found = read_bundle(path)
        except TableError:
            return
        write_bundle(found.review, found.files, Path(folder) / "again.zip")


CELLS = [
    (name, row, column)
    for name, data in FILES.items()
    if name.endswith(".csv") and not name.startswith("measures")
    for row in range(2, 2 + data.count(b"\n") - 1)
    for column in data.decode("utf-8").split("\n")[0].split(",")
]


@settings(deadline=None, max_examples=400)
@given(place=st.sampled_from(CELLS), value=TEXT.filter(lambda text: "\ud800" not in text))
def test_anything_in_any_cell_is_told_in_plain_words(
    place: tuple[str, int, str], value: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for file, content in FILES.items():
            (Path(folder) / file).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / file).write_bytes(content)
        try:
            bundles.change_cell(Path(folder) / place[0], place[1], place[2], value)
        except UnicodeEncodeError:
            return
        with contextlib.suppress(TableError):
            read_bundle(folder)


# --------------------------------------------------------------------------- anchors


@settings(deadline=None, max_examples=200)
@given(
    text=st.text("ab \n\tש🏥\N{NO-BREAK SPACE}", min_size=1, max_size=60),
    start=st.integers(0, 60),
    length=st.integers(1, 30),
)
def test_a_passage_that_was_copied_from_a_text_is_found_in_it(
    text: str, start: int, length: int
) -> None:
    quoted = text[start : start + length]
    if not quoted.strip():
        return
    found = anchor(text, quoted, near=start)

    assert text[found.start : found.end] == found.text == quoted.strip()
    assert abs(found.start - start) <= len(quoted)
    row = records.Anchor(
        evidence="E1", document="0" * 64, start=found.start, end=found.end, quoted=found.text
    )
    assert row.quoted == found.text
    files = BundleFiles(texts={"0" * 64: text})
    assert files.text_of("0" * 64)[row.start : row.end] == row.quoted
