"""A Word file that comes back: what was changed, added, removed and said, by paragraph."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wholesystem.errors import Fault, TableError
from wholesystem.reports.documents.checks import given_ids
from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.laid import LaidDocument
from wholesystem.reports.documents.laying import key_of_id, lay_out
from wholesystem.reports.documents.model import Document
from wholesystem.reports.documents.word_body import Marked, WordBody
from wholesystem.reports.documents.word_reading import FoundParagraph, WordFile, read_word_file

__all__ = ["Suggestion", "WordSuggestions", "read_word_suggestions"]

Kind = Literal["changed", "added", "removed", "comment"]


@dataclass(frozen=True)
class Suggestion:
    """What somebody suggests for one paragraph.

    Parameters
    ----------
    kind : str
        ``changed``, ``added``, ``removed``, or ``comment``.
    before : str
        The paragraph as it was written; of an added one, the paragraph that it follows.
    after : str
        What stands there now; of a comment, what it says; empty for a removed one.
    section : str
        The heading that the paragraph stands under.
    id : str
        The paragraph's own, as the document gives it; empty if it gives none.
    author : str
        Of a comment.
    """

    kind: Kind
    before: str
    after: str
    section: str
    id: str = ""
    author: str = ""


@dataclass(frozen=True)
class WordSuggestions:
    """All suggestions of a file.

    Parameters
    ----------
    suggestions : tuple of Suggestion
        In the file's order; removed paragraphs where they stood.
    same_document : bool
        Whether the file was made from this very document. If not, what was changed in the
        document since is among the suggestions, as if the file had changed it back.
    """

    suggestions: tuple[Suggestion, ...]
    same_document: bool


def read_word_suggestions(
    document: Document, path: str | os.PathLike[str], *, house: House | None = None
) -> WordSuggestions:
    """What was changed in a Word file since `write_document` made it.

    Parameters
    ----------
    document : Document
        From which it was made.
    path : path
        The file that came back.
    house : House or None
        With which it was made.

    Returns
    -------
    WordSuggestions
        Nothing of the document is changed: a person decides. A paragraph that only moved, or
        looks otherwise, is no suggestion.

    Raises
    ------
    TableError
        If the file is no Word file, is damaged or far too large, has tracked changes that are
        neither accepted nor rejected, or was not made from a document of ours.
    """
    place = Path(path)
    found = read_word_file(place)
    laid = lay_out(document)
    known = _written(laid, house or House())
    seen = {one.key for one in found.paragraphs} & known.keys()
    if not seen:
        fault = Fault(
            place.name,
            None,
            "None of its paragraphs is of this document.",
            "Choose the file that was made from it, saved in Word as .docx. If it was copied into"
            " a new file, its hidden bookmarks were lost: edit the file itself.",
        )
        raise TableError([fault])
    ids = {key_of_id(one): one for one in given_ids(document.blocks)}
    suggestions = _Comparison(known, ids, found).suggestions
    return WordSuggestions(tuple(suggestions), found.digest == laid.digest[:32])


class _NoParts:
    """A file whose pictures are not drawn: only its text is wanted."""

    def picture(self, picture: str | bytes, width_mm: float) -> str:
        return ""

    def link(self, address: str) -> str:
        return ""

    def number_list(self) -> int:
        return 1


def _written(laid: LaidDocument, house: House) -> dict[str, Marked]:
    """The paragraphs as they were written, by the code that writes them."""
    body = WordBody(laid, house, _NoParts())
    body.written()
    body.notes()
    return {one.key: one for one in body.marked}


class _Comparison:
    """Goes through what was found, and then through what was not."""

    def __init__(self, known: dict[str, Marked], ids: dict[str, str], found: WordFile) -> None:
        self.known, self.ids, self.file = known, ids, found
        self.order = list(known)
        self.places = {key: place for place, key in enumerate(self.order)}
        self.told = 0
        self.seen: set[str] = set()
        self.suggestions: list[Suggestion] = []
        self.above: Marked | None = None
        self.missing = self._missing()
        for one in found.paragraphs:
            self.compare(one)
        self.tell_missing(None)

    def _missing(self) -> set[str]:
        there = {one.key for one in self.file.paragraphs if one.text}
        return {key for key, one in self.known.items() if one.text and key not in there}

    def compare(self, found: FoundParagraph) -> None:
        marked = self.known.get(found.key)
        if marked is None or found.key in self.seen:
            self.compare_unknown(found)
            return
        self.seen.add(found.key)
        self.tell_missing(found.key)
        self.above = marked
        if found.text and found.text != marked.text:
            self.tell("changed", marked, found.text)
        self.tell_comments(found, marked)

    def compare_unknown(self, found: FoundParagraph) -> None:
        if found.text and not found.in_contents:
            self.tell("added", self.above, found.text)
        self.tell_comments(found, self.above)

    def tell_missing(self, until: str | None) -> None:
        """Removed paragraphs are told where they stood: before the next that is there."""
        end = len(self.order) if until is None else self.places[until]
        for key in self.order[self.told : end]:
            if key in self.missing:
                self.tell("removed", self.known[key], "")
        self.told = max(self.told, end)

    def tell_comments(self, found: FoundParagraph, marked: Marked | None) -> None:
        for number in found.comments:
            comment = self.file.comments.get(number)
            if comment is not None:
                self.tell("comment", marked, comment.text, comment.author)

    def tell(self, kind: Kind, marked: Marked | None, after: str, author: str = "") -> None:
        before = marked.text if marked else ""
        section = marked.section if marked else ""
        own = self.ids.get(marked.key, "") if marked and kind != "added" else ""
        self.suggestions.append(Suggestion(kind, before, after, section, own, author))
