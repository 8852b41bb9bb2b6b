"""Uploaded documents: what is taken, under which name; their text; passages found in it."""

import contextlib
import hashlib
import io
import time
import zipfile
from pathlib import Path

import pytest

from tests.helpers import documents as made
from wholesystem.errors import TableError
from wholesystem.reviews import (
    anchor,
    clean_name,
    extract_text,
    extraction,
    find_spans,
    inspect_upload,
    reading_text,
)
from wholesystem.reviews.bundle_layout import ENDINGS
from wholesystem.reviews.document_kinds import CSV, DOCX, JPEG, MARKDOWN, PDF, PNG, PPTX, TEXT, XLSX
from wholesystem.reviews.documents import UPLOAD_ENDINGS

# --------------------------------------------------------------------------- what is taken

TAKEN = {
    "a.pdf": (made.pdf(), PDF),
    "a.docx": (made.docx(), DOCX),
    "a.xlsx": (made.xlsx(), XLSX),
    "a.pptx": (made.pptx(), PPTX),
    "a.png": (made.png(), PNG),
    "a.jpg": (made.jpeg(), JPEG),
    "a.JPEG": (made.jpeg(), JPEG),
    "a.txt": ("café 🏥\n".encode(), TEXT),
    "old.txt": ("café\r\n".encode("cp1252"), TEXT),
    "a.md": (b"# Notes\n", MARKDOWN),
    "a.csv": (b"\xef\xbb\xbfa,b\n1,2\n", CSV),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_document_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    data, media_type = TAKEN[name]
    (tmp_path / "stored").write_bytes(data)

    for content in (data, tmp_path / "stored"):
        upload = inspect_upload(name, content)
        assert (upload.name, upload.media_type, upload.size_bytes) == (name, media_type, len(data))
        assert upload.digest == hashlib.sha256(data).hexdigest()


def test_every_kind_that_is_taken_has_its_ending_in_a_bundle() -> None:
    assert set(UPLOAD_ENDINGS.values()) == set(ENDINGS)


def changed(data: bytes, parts: dict[str, bytes]) -> bytes:
    """An Office document with more parts."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def encrypted(data: bytes) -> bytes:
    marked = bytearray(data)
    marked[marked.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


BOMB = made.office(
    "wordprocessingml.document", {"word/document.xml": b"<x/>", "word/big": bytes(600_000_000)}
)
MACRO_TYPE = b"application/vnd.ms-word.document.macroEnabled.main+xml"

REFUSED = {
    "nothing": ("a.txt", b"", "It is empty."),
    "a program": ("a.exe", b"MZ\x90\x00", "It is a program."),
    "a program with another ending": ("a.pdf", b"MZ\x90\x00", "It is a program."),
    "a program of Linux": ("a.txt", b"\x7fELF\x02", "It is a program."),
    "text as a PDF": ("a.pdf", b"hello", "By its content it is plain text, and its name has the"),
    "a PDF as text": ("a.txt", made.pdf(), "By its content it is a PDF, and its name has the"),
    "a workbook as a document": ("a.docx", made.xlsx(), "By its content it is an Excel workbook"),
    "no ending": ("letter", b"hello", "its name has no ending. If it is what you mean, name it"),
    "a web page": ("a.html", b"<html>", "its name has the ending .html."),
    "a drawing": ("a.svg", b"<svg/>", "its name has the ending .svg."),
    "a workbook for macros": (
        "a.xlsm",
        changed(made.xlsx(), {"xl/vbaProject.bin": b"x"}),
        "It holds macros.",
    ),
    "macros under another ending": (
        "a.docx",
        changed(made.docx(), {"word/vbaProject.bin": b"x"}),
        "It holds macros.",
    ),
    "old macros": (
        "a.xlsx",
        changed(made.xlsx(), {"xl/macrosheets/sheet1.xml": b"x"}),
        "It holds macros.",
    ),
    "a document for macros": (
        "a.docx",
        made.office(
            "x", {"[Content_Types].xml ": MACRO_TYPE, "word/document.xml": b""}, "macroEnabled"
        ),
        "It is a document for macros.",
    ),
    "a zip": ("a.docx", changed(b"", {"a.txt": b"x"}), "It is a zip and no Word, Excel or"),
    "an encrypted document": ("a.docx", encrypted(made.docx()), "It is encrypted."),
    "an old document": (
        "a.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        "It is protected by a password, or in an old Office format.",
    ),
    "a bomb": ("a.docx", BOMB, "It unpacks to too much."),
    "a cut document": ("a.docx", made.docx()[:-50], "It cannot be read as a document"),
    "a cut PDF": ("a.pdf", made.pdf()[:60], "It is a PDF whose end is missing."),
    "an encrypted PDF": ("a.pdf", made.pdf(extra=b"/Encrypt 6 0 R"), "It is an encrypted PDF."),
    "a cut picture": ("a.png", made.png()[:-12], "It is a damaged picture."),
    "a cut photograph": ("a.jpg", made.jpeg()[:-2], "It is a damaged picture."),
    "a photograph of nothing": ("a.jpg", b"\xff\xd8\xff\xe0\x00\x00", "It is a damaged picture."),
    "text with NUL": ("a.txt", b"a\x00b", "It is none of the kinds that are taken."),
    "text of UTF-16": ("a.txt", "a".encode("utf-16"), "It is text in UTF-16."),
    "text of no alphabet": ("a.txt", b"\x81\x8d", "It is none of the kinds that are taken."),
    "an archive": ("a.gz", b"\x1f\x8b\x08\x00", "It is none of the kinds that are taken."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_taken_is_refused_with_a_remedy(case: str) -> None:
    name, data, told = REFUSED[case]
    with pytest.raises(TableError) as raised:
        inspect_upload(name, data)

    assert told in str(raised.value)
    assert raised.value.faults[0].where == name
    assert raised.value.faults[0].remedy


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(60_000_000)

    with pytest.raises(TableError, match=r"It is larger than 50 MB"):
        inspect_upload("a.pdf", tmp_path / "a.pdf")
    with pytest.raises(TableError, match=r"It is larger than 0\.001 MB"):
        inspect_upload("a.txt", b"x" * 1_001, most_bytes=1_000)


@pytest.mark.parametrize("name", ["a.docx", "a.png", "a.jpg", "a.pdf"])
def test_a_file_damaged_anywhere_is_taken_or_refused_in_plain_words(name: str) -> None:
    data = TAKEN[name][0]
    for at in range(0, len(data), max(1, len(data) // 200)):
        for damaged in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
            with contextlib.suppress(TableError):
                inspect_upload(name, damaged)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("minutes.pdf", "minutes.pdf"),
        ("C:\\Users\\me\\minutes.pdf", "minutes.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe", "afdp.exe"),
        ("a\x00b\x1b[31m\n.txt", "ab[31m.txt"),
        ("two\N{LINE SEPARATOR}lines  here.txt", "two lines here.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("  .. ", "document"),
        ("", "document"),
        ("שלום 🏥.docx", "שלום 🏥.docx"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("a." + "y" * 300, "a." + "y" * 118),
        ("\ud800.txt", "document.txt"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert clean_name(kept) == kept


# --------------------------------------------------------------------------- its text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.pdf", "Waiting at home was long.\n\n"),
        ("a.docx", "Delayed transfers rose 🏥.\nleft\tright\n\n"),
        ("a.xlsx", "Delays\n\nservice\tdays\nacute\t5.5\n\n"),
        ("a.pptx", "Slide 1\n\nFirst\n\n"),
        ("a.txt", "café 🏥\n"),
        ("old.txt", "café\n"),
        ("a.csv", "a,b\n1,2\n"),
    ],
)
def test_the_text_of_a_document(tmp_path: Path, name: str, text: str) -> None:
    data, media_type = TAKEN[name]
    (tmp_path / "stored").write_bytes(data)

    found = extract_text(tmp_path / "stored", media_type)
    assert (found.text, found.note) == (text, "")


@pytest.mark.parametrize(
    ("data", "media_type", "note"),
    [
        (made.png(), PNG, "A picture has no text."),
        (made.pdf(""), PDF, "It has no text; it may be a scan."),
        (b"%PDF-1.4 nothing", PDF, "Its text could not be read: the file may be damaged."),
        (b"PK\x03\x04", DOCX, "Its text could not be read: the file may be damaged."),
        (b"x", "image/tiff", "A picture has no text."),
    ],
)
def test_why_there_is_no_text(tmp_path: Path, data: bytes, media_type: str, note: str) -> None:
    (tmp_path / "stored").write_bytes(data)

    found = extract_text(tmp_path / "stored", media_type)
    assert (found.text, found.note) == ("", note)


def test_reading_a_text_is_given_up_after_a_time(tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(made.docx())
    began = time.monotonic()

    found = extract_text(tmp_path / "stored", DOCX, most_seconds=0.001)
    assert found.note == "Reading its text took more than 0.001 seconds."
    assert time.monotonic() - began < 5


def test_a_long_text_is_cut_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stored").write_text("abc" * 100, "utf-8")
    monkeypatch.setattr(extraction, "MOST_TEXT", 100)

    found = extract_text(tmp_path / "stored", TEXT)
    assert len(found.text) == 100
    assert found.note == "Only the first 100 characters of its text are kept."


def test_a_text_holds_nothing_that_a_bundle_cannot(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"\xef\xbb\xbfa\x0cb\r\nc\rd\x7f\xef\xbf\xbf")
    reading_text.main(TEXT, tmp_path / "in", tmp_path / "out")

    assert (tmp_path / "out").read_bytes() == b"a\nb\nc\nd"


# --------------------------------------------------------------------------- passages

PAGE = "The wait was\nlong. The wait  was long.\n\nAt  home,the wait\twas long."


def test_a_passage_is_found_where_it_stands() -> None:
    found = anchor(PAGE, " At  home,the ")

    assert PAGE[found.start : found.end] == found.text == "At  home,the"
    assert found.times == 1


def test_a_passage_is_found_whatever_its_space() -> None:
    found = anchor(PAGE, "At home, the wait was long.")

    assert found.text == PAGE[found.start : found.end] == "At  home,the wait\twas long."
    assert found.times == 1


def test_a_passage_that_stands_several_times_is_told_and_the_nearest_taken() -> None:
    starts = [one.start for one in find_spans(PAGE, "wait was long")]

    assert len(starts) == 3
    assert anchor(PAGE, "wait was long").times == 3
    assert [anchor(PAGE, "wait was long", near=at).start for at in starts] == starts


@pytest.mark.parametrize(
    ("quoted", "told"),
    [
        ("wait was short", "It does not stand in the document's text. Copy it from the text"),
        (" \n", "A passage is needed."),
        ("", "A passage is needed."),
    ],
)
def test_a_passage_that_is_not_there_is_told(quoted: str, told: str) -> None:
    with pytest.raises(TableError, match=told):
        anchor(PAGE, quoted)


def test_too_long_a_passage_is_told() -> None:
    with pytest.raises(TableError, match="at most 20,000 characters"):
        anchor("x" * 30_000, "x" * 25_000)


def test_a_passage_is_found_quickly_in_a_long_text() -> None:
    text = "the wait was long " * 250_000
    began = time.monotonic()

    assert len(find_spans(text, "wait  was")) == 1_000
    assert find_spans(text, "not there") == ()
    assert time.monotonic() - began < 20
