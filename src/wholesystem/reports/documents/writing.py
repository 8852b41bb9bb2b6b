"""Writes a document as files: all of those wanted, or none of them."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wholesystem.errors import ParameterError
from wholesystem.files import staged_folder
from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.laid import LaidDocument
from wholesystem.reports.documents.laying import lay_out
from wholesystem.reports.documents.model import Document

__all__ = ["FORMATS", "Written", "render_html", "render_pdf", "render_word", "write_document"]

#: Endings of the files, in the order in which they are written.
FORMATS = ("html", "pdf", "docx")


@dataclass(frozen=True)
class Written:
    """What was written.

    Parameters
    ----------
    paths : tuple of Path
        The files.
    notes : tuple of str
        What their reader should know, each a sentence or two: fonts that are missing, letters
        that no font has.
    """

    paths: tuple[Path, ...]
    notes: tuple[str, ...]


def render_html(document: Document, house: House | None = None) -> str:
    """A document as one HTML file: no script, no other file, no network.

    Parameters
    ----------
    document : Document
        What to show.
    house : House or None
        Its look; None: the plain one.

    Returns
    -------
    str
        A whole page.
    """
    from wholesystem.reports.documents.html import html_of

    return html_of(lay_out(document), house or House())


def render_pdf(document: Document, house: House | None = None) -> tuple[bytes, tuple[str, ...]]:
    """A document as PDF/UA-1.

    Parameters
    ----------
    document : Document
        What to show.
    house : House or None
        Its look; None: the plain one.

    Returns
    -------
    content : bytes
        The same for the same document on a computer with the same fonts.
    notes : tuple of str
        As of `Written`.
    """
    content, notes = _pdf(document, lay_out(document), house or House())
    return content, tuple(notes)


def render_word(document: Document, house: House | None = None) -> bytes:
    """A document as a Word file, which can come back with suggestions.

    Parameters
    ----------
    document : Document
        What to show.
    house : House or None
        Its look; None: the plain one.

    Returns
    -------
    bytes
        The same for the same document.
    """
    return _word(document, lay_out(document), house or House())


def write_document(
    document: Document,
    out: str | os.PathLike[str],
    *,
    name: str = "report",
    formats: Sequence[str] = FORMATS,
    house: House | None = None,
) -> Written:
    """Write a document into a folder.

    Parameters
    ----------
    document : Document
        What to write.
    out : path
        The folder; made if it does not exist.
    name : str
        Of the files, without ending.
    formats : sequence of str
        Any of ``html``, ``pdf`` and ``docx``.
    house : House or None
        Its look; None: the plain one.

    Returns
    -------
    Written
        On any error nothing of the folder has changed.

    Raises
    ------
    ParameterError
        If a format is not known, or the name is not that of a file.
    OutputError
        If the folder may not be written.
    """
    wanted = _check_formats(formats)
    if not name or Path(name).name != name:
        raise ParameterError(f"{name!r} is no name of a file. Give one without folders.")
    laid, look = lay_out(document), house or House()
    notes: list[str] = []
    with staged_folder(out) as folder:
        # The PDF last: it takes the most memory, some of which the others have left by then.
        for ending in sorted(wanted, key=lambda one: one == "pdf"):
            if ending == "html":
                from wholesystem.reports.documents.html import html_of

                content = html_of(laid, look).encode("utf-8")
            elif ending == "pdf":
                # What a Word file is made in refers to itself: it stays until it is looked for,
                # and takes 60 MB of 200 pages.
                gc.collect()
                content, told = _pdf(document, laid, look)
                notes += told
            else:
                content = _word(document, laid, look)
            (folder / f"{name}.{ending}").write_bytes(content)
    return Written(tuple(Path(out) / f"{name}.{ending}" for ending in wanted), tuple(notes))


def _check_formats(formats: Sequence[str]) -> list[str]:
    unknown = [one for one in formats if one not in FORMATS]
    if unknown or not formats:
        raise ParameterError(
            f"{', '.join(map(repr, unknown)) or 'nothing'} is no format of documents. Choose from"
            f" {', '.join(FORMATS)}."
        )
    return [one for one in FORMATS if one in formats]


def _pdf(document: Document, laid: LaidDocument, house: House) -> tuple[bytes, list[str]]:
    from wholesystem.reports.documents.pdf import pdf_of

    return pdf_of(laid, house, document.cover.date if document.cover else None)


def _word(document: Document, laid: LaidDocument, house: House) -> bytes:
    from wholesystem.reports.documents.word import word_of

    return word_of(laid, house, document.cover.date if document.cover else None)
