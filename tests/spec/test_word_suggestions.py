"""What a Word file that comes back suggests: each file of word_suggestions/ is a case.

A case has the paragraphs as they were written, as they came back (by their number; + is new), and
the suggestions: kind, before and after.
"""

from __future__ import annotations

import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from wholesystem.reports.documents import (
    Document,
    Heading,
    Paragraph,
    read_word_suggestions,
    render_word,
)

CASES = sorted((Path(__file__).parent / "word_suggestions").glob("*.txt"))


def read_case(path: Path) -> dict[str, list[str]]:
    parts = path.read_text("utf-8").split("\n=== ")
    found = {}
    for part in parts[1:]:
        name, _, text = part.partition("\n")
        found[name] = [line for line in text.splitlines() if line]
    return found


def set_text(paragraph: Any, text: str) -> None:
    """As typing does it: the letters change, the bookmarks stay."""
    letters = list(paragraph.iter(qn("w:t")))
    for one in letters[1:]:
        one.text = ""
    letters[0].text = text


def edited(content: bytes, lines: list[str], first: int) -> bytes:
    """The Word file with its paragraphs from `first` on as the lines say."""
    word = docx.Document(io.BytesIO(content))
    paragraphs = [one._p for one in word.paragraphs]
    before, written = paragraphs[first - 1], paragraphs[first:]
    plain = deepcopy(written[0])
    for mark in [*plain.iter(qn("w:bookmarkStart")), *plain.iter(qn("w:bookmarkEnd"))]:
        mark.getparent().remove(mark)
    for one in written:
        one.getparent().remove(one)
    for line in lines:
        head, _, text = line.partition(" ")
        one = deepcopy(plain) if head == "+" else written[int(head.rstrip(".")) - 1]
        set_text(one, text)
        before.addnext(one)
        before = one
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_came_back_is_suggested(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    texts = [line.partition(" ")[2] for line in case["written"]]
    document = Document("T", (Heading(1, "Findings"), *(Paragraph(text) for text in texts)))
    file = tmp_path / "back.docx"
    file.write_bytes(edited(render_word(document), case["came back"], first=2))

    found = read_word_suggestions(document, file)

    told = [f"{one.kind} | {one.before} | {one.after}".rstrip() for one in found.suggestions]
    assert told == [line.rstrip() for line in case["suggestions"]]
    assert found.same_document
    assert all(one.section == "Findings" for one in found.suggestions)


def test_there_are_cases() -> None:
    assert len(CASES) >= 4
