"""Reads the paragraphs of a Word file, each with the bookmark by which it is known.

The file comes from outside: it is bounded in size, its XML may name no other file, and nothing in
it is run.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.reports.documents.text import tidy_text
from wholesystem.reports.documents.word_xml import PARAGRAPH_MARK

__all__ = ["MOST_BYTES", "FoundComment", "FoundParagraph", "WordFile", "read_word_file"]

#: Of the file as it lies, and of any part of it unpacked: a report of 300 pages has 20 MB.
MOST_BYTES = 200_000_000
MOST_PART_BYTES = 100_000_000
MOST_PARTS = 20_000
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TRACKED = {f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
_SPACES = {f"{_W}{name}" for name in ("tab", "br", "cr")}
_NOT_SHOWN = {"Fallback", "instrText", "delText", "pPr", "rPr", "sectPr"}


@dataclass
class FoundParagraph:
    """A paragraph, or the part of one from one bookmark on.

    Parameters
    ----------
    key : str
        In the name of its bookmark; empty: it has none.
    text : str
        What is read.
    comments : list of str
        Ids of the comments on it.
    in_contents : bool
        Whether Word made it for a table of contents.
    """

    key: str
    text: str = ""
    comments: list[str] = field(default_factory=list)
    in_contents: bool = False


@dataclass(frozen=True)
class FoundComment:
    """A comment."""

    author: str
    text: str


@dataclass(frozen=True)
class WordFile:
    """What a Word file holds.

    Parameters
    ----------
    paragraphs : tuple of FoundParagraph
        Of the body, then of the notes.
    comments : dict of str to FoundComment
        By id.
    digest : str
        First half of the digest of the document that it was made from; empty if it has none.
    """

    paragraphs: tuple[FoundParagraph, ...]
    comments: dict[str, FoundComment]
    digest: str


def read_word_file(path: Path) -> WordFile:
    """The paragraphs and comments of a Word file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    WordFile
        What it holds.

    Raises
    ------
    TableError
        If it is no Word file, is damaged, far too large, protected, or has tracked changes.
    """
    try:
        body, notes, comments = _read_parts(path)
        tracked = Counter(one.tag for part in (body, notes) if part is not None
                          for one in part.iter(*_TRACKED))  # fmt: skip
        if tracked:
            raise _RefusedError(
                f"It has {tracked.total()} tracked changes, and it is not clear which are meant.",
                "In Word, accept or reject all changes (Review, Accept, Accept All Changes), save"
                " it, and read it again.",
            )
    except _RefusedError as refused:
        raise TableError([Fault(path.name, None, refused.rule, refused.remedy)]) from None
    return WordFile(
        tuple(one for part in (body, notes) if part is not None for one in _Walk(part).found),
        dict(_comments(comments)) if comments is not None else {},
        _digest(body),
    )


class _RefusedError(Exception):
    def __init__(self, rule: str, remedy: str) -> None:
        self.rule, self.remedy = rule, remedy


def _read_parts(path: Path) -> tuple[Any, Any, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _RefusedError(
                f"It is larger than {MOST_BYTES // 1_000_000} MB.", "Choose the right file."
            )
        with path.open("rb") as file:
            if file.read(4) == _OLD_OR_LOCKED:
                raise _RefusedError(
                    "It is protected by a password, or of Word before 2007.",
                    "Open it in Word and save it without a password as Word document (.docx).",
                )
        with zipfile.ZipFile(path) as archive:
            _check_size(archive)
            return (
                _part(archive, "word/document.xml"),
                _part(archive, "word/footnotes.xml"),
                _part(archive, "word/comments.xml"),
            )
    except FileNotFoundError:
        raise _RefusedError("There is no such file.", "Name one that is there.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _RefusedError(
            "It is no Word file, or it is damaged.", "Save it again in Word as .docx."
        ) from None


def _check_size(archive: zipfile.ZipFile) -> None:
    if "word/document.xml" not in archive.namelist():
        raise _RefusedError("It is no Word file.", "Choose a file saved by Word as .docx.")
    if len(archive.namelist()) > MOST_PARTS:
        raise _RefusedError("It has far too many parts.", "Save it again in Word as .docx.")


def _part(archive: zipfile.ZipFile, name: str) -> Any:
    """A part as a tree; None if there is none."""
    from lxml import etree  # type: ignore[import-untyped]

    if name not in archive.namelist():
        return None
    # The size that a zip tells may be a lie, so what is read is counted.
    with archive.open(name) as file:
        content = file.read(MOST_PART_BYTES + 1)
    if len(content) > MOST_PART_BYTES:
        raise _RefusedError(
            f"Its text unpacks to more than {MOST_PART_BYTES // 1_000_000} MB.",
            "Choose the right file, or save it again in Word.",
        )
    if b"<!DOCTYPE" in content[:10_000] or b"<!ENTITY" in content:
        raise _RefusedError("It names other files, as no Word file does.", "Do not trust it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise _RefusedError("It is damaged.", "Save it again in Word as .docx.") from None


def _digest(body: Any) -> str:
    for mark in body.iter(f"{_W}bookmarkStart"):
        name = str(mark.get(f"{_W}name", ""))
        if name.startswith("_wd"):
            return name[3:]
    return ""


def _comments(part: Any) -> Iterator[tuple[str, FoundComment]]:
    for comment in part.iter(f"{_W}comment"):
        words = " ".join(one.text for one in _Walk(comment).found)
        author = tidy_text(comment.get(f"{_W}author", ""))
        yield comment.get(f"{_W}id", ""), FoundComment(author, tidy_text(words).strip())


class _Walk:
    """Goes through a part once, in its order."""

    def __init__(self, part: Any) -> None:
        self.found: list[FoundParagraph] = []
        #: Bookmarks that begin between two paragraphs belong to the next.
        self.waiting: list[str] = []
        self.fields: list[str] = []
        self.children(part)
        self.found += [FoundParagraph(key) for key in self.waiting]
        for one in self.found:
            one.text = tidy_text(one.text).strip(" ")

    def children(self, element: Any) -> None:
        for child in element:
            self.visit(child)

    def visit(self, element: Any) -> None:
        if not isinstance(element.tag, str):  # a comment of XML
            return
        name = element.tag.rpartition("}")[2]
        if name == "p" and element.tag.startswith(_W):
            self.paragraph(element)
        elif name == "bookmarkStart":
            self.bookmark(element)
        elif name == "fldChar":
            self.field(element.get(f"{_W}fldCharType"))
        elif name == "instrText" and self.fields:
            self.fields[-1] += element.text or ""
        elif name == "commentReference" and self.found:
            self.found[-1].comments.append(element.get(f"{_W}id", ""))
        elif name not in _NOT_SHOWN:
            self.text(element, name)

    def text(self, element: Any, name: str) -> None:
        if element.tag in _SPACES:
            self.add(" ")
        elif name == "noBreakHyphen":
            self.add("-")
        elif element.tag == f"{_W}t":
            self.add(element.text or "")
        else:
            self.children(element)

    def add(self, text: str) -> None:
        if self.found:
            self.found[-1].text += text

    def paragraph(self, element: Any) -> None:
        # A paragraph may hold others, in a text box: what is after them in it counts as theirs.
        keys = self.waiting or [""]
        self.waiting = []
        self.found += [FoundParagraph(key, in_contents=self.in_contents()) for key in keys]
        self.children(element)
        if self.in_contents():
            self.found[-1].in_contents = True

    def bookmark(self, element: Any) -> None:
        name = str(element.get(f"{_W}name", ""))
        if not name.startswith(PARAGRAPH_MARK):
            return
        key = name[len(PARAGRAPH_MARK) :]
        if element.getparent().tag.rpartition("}")[2] in ("p", "hyperlink", "ins", "smartTag"):
            self.begin(key)
        else:
            self.waiting.append(key)

    def begin(self, key: str) -> None:
        last = self.found[-1]
        if last.key:
            self.found.append(FoundParagraph(key))
        else:  # what was typed before the bookmark belongs to its paragraph
            last.key = key

    def field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append("")
        elif kind == "end" and self.fields:
            self.fields.pop()

    def in_contents(self) -> bool:
        return any(code.split()[:1] == ["TOC"] for code in self.fields)
