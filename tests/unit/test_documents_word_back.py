"""A Word file that comes back is read with care, and refused with what to do."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from tests.helpers.reports import make_document, make_table
from wholesystem.errors import TableError
from wholesystem.reports.documents import (
    BulletList,
    Cell,
    Column,
    Heading,
    Item,
    Paragraph,
    Table,
    Text,
    read_word_suggestions,
    render_word,
    word_reading,
)

DOCUMENT = make_document()


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "back.docx"
    path.write_bytes(content)
    return path


def rezipped(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A zip whose parts are changed; None leaves a part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def replaced(content: bytes, before: str, after: str, part: str = "word/document.xml") -> bytes:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        assert before.encode() in data
        return data.replace(before.encode(), after.encode())

    return rezipped(content, change)


def test_a_file_as_it_was_made_brings_nothing(tmp_path: Path) -> None:
    found = read_word_suggestions(DOCUMENT, write(tmp_path, render_word(DOCUMENT)))

    assert found.suggestions == ()
    assert found.same_document


def changed(tmp_path: Path, before: str, after: str, **more: Any) -> list[tuple[str, str, str]]:
    content = replaced(render_word(DOCUMENT), before, after, **more)
    found = read_word_suggestions(DOCUMENT, write(tmp_path, content))
    return [(one.kind, one.before, one.after) for one in found.suggestions]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (">1,234.5<", ">1,243.5<", ("changed", "1,234.5", "1,243.5")),
        (">Under it<", ">Below it<", ("changed", "Under it", "Below it")),
        ("> Days delayed<", "> Days lost<", ("changed", "Figure 1: Days delayed", "x")),
        (">How people move<", ">How they move<", ("changed", "How people move", "How they move")),
        ("Agree one list.", "Agree two lists.", ("changed", "Agree one list.", "Agree two lists.")),
        (">Interview 4", ">Interview 5", ("changed", "Interview 4, home care manager.",
                                          "Interview 5, home care manager.")),
        ("too long", "far too long", ("changed", "People wait too long for home care[1], as Figure"
         " 1 shows. See also Method and Table 1[2][1].", "People wait far too long for home"
         " care[1], as Figure 1 shows. See also Method and Table 1[2][1].")),
    ],
)  # fmt: skip
def test_every_kind_of_paragraph_is_compared(
    tmp_path: Path, before: str, after: str, told: tuple[str, str, str]
) -> None:
    if told[2] == "x":
        before, after = ">: Days delayed<", ">: Days lost<"
        told = (told[0], told[1], "Figure 1: Days lost")

    assert told in changed(tmp_path, before, after)


def test_notes_are_compared(tmp_path: Path) -> None:
    found = changed(tmp_path, "midnight", "noon", part="word/footnotes.xml")

    assert found == [("changed", "Counted at midnight: method", "Counted at noon: method")]


def test_a_paragraph_with_an_id_is_told_by_it_and_known_though_its_words_changed_since(
    tmp_path: Path,
) -> None:
    old = make_document(Heading(1, "A"), Paragraph("The old words.", id="finding-1"),
                        BulletList((Item("x", id="i"),)))  # fmt: skip
    new = make_document(Heading(1, "A"), Paragraph("The new words.", id="finding-1"),
                        BulletList((Item("x", id="i"),)))  # fmt: skip

    found = read_word_suggestions(new, write(tmp_path, render_word(old)))

    assert not found.same_document
    assert [(one.id, one.before, one.after, one.section) for one in found.suggestions] == [
        ("finding-1", "The new words.", "The old words.", "A")
    ]


def test_text_typed_before_or_after_a_bookmark_is_its_paragraphs(tmp_path: Path) -> None:
    word = docx.Document(io.BytesIO(render_word(make_document(Paragraph("the middle")))))
    paragraph = next(one for one in word.paragraphs if one.text == "the middle")
    paragraph.add_run(" and the end")
    first = paragraph.add_run("The start of ")._r
    paragraph._p.insert(1, first)
    file = tmp_path / "b.docx"
    word.save(file)

    found = read_word_suggestions(make_document(Paragraph("the middle")), file)

    assert [one.after for one in found.suggestions] == ["The start of the middle and the end"]


def test_two_paragraphs_made_into_one_are_still_two(tmp_path: Path) -> None:
    document = make_document(Paragraph("One."), Paragraph("Two."))
    word = docx.Document(io.BytesIO(render_word(document)))
    one, two = (p._p for p in word.paragraphs if p.text in ("One.", "Two."))
    for part in list(two)[1:]:
        one.append(part)
    two.getparent().remove(two)
    file = tmp_path / "b.docx"
    word.save(file)

    assert read_word_suggestions(document, file).suggestions == ()


def test_a_paragraph_parted_in_two_is_a_change_and_an_addition(tmp_path: Path) -> None:
    document = make_document(Paragraph("One. Two."))
    word = docx.Document(io.BytesIO(render_word(document)))
    paragraph = next(one for one in word.paragraphs if one.text == "One. Two.")
    next(paragraph._p.iter(qn("w:t"))).text = "One."
    word.add_paragraph("Two.")
    file = tmp_path / "b.docx"
    word.save(file)

    found = read_word_suggestions(document, file).suggestions
    assert [(one.kind, one.after) for one in found] == [("changed", "One."), ("added", "Two.")]


def test_an_empty_cell_may_be_filled(tmp_path: Path) -> None:
    document = make_document(Table("T", (Column("A"), Column("B")), (("x", Cell(())),)))
    word = docx.Document(io.BytesIO(render_word(document)))
    word.tables[0].cell(1, 1).paragraphs[0].add_run("12")
    file = tmp_path / "b.docx"
    word.save(file)

    found = read_word_suggestions(document, file).suggestions
    assert [(one.kind, one.before, one.after) for one in found] == [("changed", "", "12")]


def test_comments_are_told_with_who_made_them(tmp_path: Path) -> None:
    document = make_document(Paragraph("People wait.", id="p1"))
    word = docx.Document(io.BytesIO(render_word(document)))
    paragraph = next(one for one in word.paragraphs if one.text == "People wait.")
    word.add_comment(paragraph.runs[0], text="Since when?", author="Ada")
    file = tmp_path / "b.docx"
    word.save(file)

    (found,) = read_word_suggestions(document, file).suggestions
    assert (found.kind, found.before, found.after, found.author, found.id) == (
        "comment", "People wait.", "Since when?", "Ada", "p1",
    )  # fmt: skip


def test_a_table_of_contents_that_word_made_anew_is_no_addition(tmp_path: Path) -> None:
    found = changed(
        tmp_path, ">Summary</w:t></w:r><w:r><w:tab/>", ">Other</w:t></w:r><w:r><w:tab/>"
    )

    assert found == []


def fault_of(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(TableError) as caught:
        read_word_suggestions(DOCUMENT, write(tmp_path, content))
    return str(caught.value)


def test_tracked_changes_are_to_be_accepted_or_rejected_first(tmp_path: Path) -> None:
    tracked = '<w:ins w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:ins><w:sectPr'
    said = fault_of(tmp_path, replaced(render_word(DOCUMENT), "<w:sectPr", tracked))

    assert "back.docx: It has 1 tracked changes" in said
    assert "accept or reject all changes" in said


def test_a_file_of_others_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    word = docx.Document()
    word.add_paragraph("Hello")
    word.save(out)

    assert "None of its paragraphs is of this document" in fault_of(tmp_path, out.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "It is no Word file, or it is damaged"),
        (b"words", "It is no Word file, or it is damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "protected by a password"),
        (render_word(DOCUMENT)[:2000], "It is no Word file, or it is damaged"),
    ],
)
def test_what_is_no_word_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in fault_of(tmp_path, content)


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    whole = render_word(DOCUMENT)
    cut = rezipped(whole, lambda name, data: data[:99] if name == "word/document.xml" else data)
    none = rezipped(whole, lambda name, data: None if name == "word/document.xml" else data)
    typed = replaced(whole, "<w:document", '<!DOCTYPE a [<!ENTITY b "c">]><w:document')

    assert "It is damaged" in fault_of(tmp_path, cut)
    assert "It is no Word file" in fault_of(tmp_path, none)
    assert "It names other files" in fault_of(tmp_path, typed)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="There is no such file"):
        read_word_suggestions(DOCUMENT, tmp_path / "none.docx")


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(word_reading.MOST_PART_BYTES + 10))
    assert len(out.getvalue()) < 1_000_000
    assert "unpacks to more than 100 MB" in fault_of(tmp_path, out.getvalue())

    monkeypatch.setattr(word_reading, "MOST_BYTES", 1000)
    assert "It is larger than" in fault_of(tmp_path, render_word(DOCUMENT))
    monkeypatch.undo()
    monkeypatch.setattr(word_reading, "MOST_PARTS", 3)
    assert "far too many parts" in fault_of(tmp_path, render_word(DOCUMENT))


def test_a_table_row_that_was_added_is_told_by_its_cells(tmp_path: Path) -> None:
    document = make_document(make_table(rows=2), Paragraph((Text("End."),)))
    word = docx.Document(io.BytesIO(render_word(document)))
    cells = word.tables[0].add_row().cells
    for cell, text in zip(cells, ("Reason 3", "7", "1%"), strict=True):
        cell.text = text
    file = tmp_path / "b.docx"
    word.save(file)

    found = read_word_suggestions(document, file).suggestions
    assert [(one.kind, one.after) for one in found] == [
        ("added", "Reason 3"), ("added", "7"), ("added", "1%"),
    ]  # fmt: skip


def test_strange_pieces_of_word_do_not_stop_the_reading(tmp_path: Path) -> None:
    document = make_document(Paragraph("One two-three."), Paragraph("Last."))
    content = replaced(
        render_word(document),
        '<w:t xml:space="preserve">One two-three.</w:t>',
        "<!-- a comment --><w:t>One</w:t><w:tab/><w:t>two</w:t><w:noBreakHyphen/><w:t>three.</w:t>"
        '<w:fldChar w:fldCharType="end"/><w:commentReference w:id="77"/>',
    )
    end = '<w:bookmarkStart w:id="900" w:name="_wsnobody"/><w:sectPr'
    content = replaced(content, "<w:sectPr", end)

    assert read_word_suggestions(document, write(tmp_path, content)).suggestions == ()


def test_a_bookmark_between_two_paragraphs_belongs_to_the_next(tmp_path: Path) -> None:
    document = make_document(Paragraph("One."), Paragraph("Two."))
    word = docx.Document(io.BytesIO(render_word(document)))
    for text in ("One.", "Two."):
        paragraph = next(one._p for one in word.paragraphs if one.text == text)
        start = next(paragraph.iter(qn("w:bookmarkStart")))
        paragraph.addprevious(start)
    file = tmp_path / "b.docx"
    word.save(file)

    assert read_word_suggestions(document, file).suggestions == ()


def test_a_file_without_its_digest_is_of_another_document(tmp_path: Path) -> None:
    content = replaced(render_word(DOCUMENT), "_wd", "_xx")

    assert not read_word_suggestions(DOCUMENT, write(tmp_path, content)).same_document
