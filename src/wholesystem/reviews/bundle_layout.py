"""What a bundle holds and where: names of its files, its format's version, its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wholesystem.reviews.framework import FrameworkInfo, Prompt, Question, QuestionArea
from wholesystem.reviews.records import Document, ReviewInfo
from wholesystem.reviews.review import TABLES
from wholesystem.tables.rows import Row

__all__ = [
    "ENDINGS",
    "FORMAT",
    "FRAMEWORK_TABLES",
    "GENERATED",
    "MOST_DOCUMENT_BYTES",
    "MOST_FILES",
    "MOST_TOTAL_BYTES",
    "REVIEW_TABLES",
    "document_path",
    "is_junk",
    "is_safe_name",
    "text_path",
]

#: Version of the format. A reader refuses one that it does not know.
FORMAT = 1
MOST_FILES = 20_000
MOST_TOTAL_BYTES = 500_000_000
MOST_DOCUMENT_BYTES = 50_000_000

REVIEW_TABLES: Mapping[str, type[Row]] = {"review": ReviewInfo, **TABLES}
FRAMEWORK_TABLES: Mapping[str, type[Row]] = {
    "framework": FrameworkInfo,
    "areas": QuestionArea,
    "questions": Question,
    "prompts": Prompt,
}
#: Written for people and never read back.
GENERATED = ("README.md", "findings.md")

#: Ending of an uploaded file by its media type; ``.bin`` for any other.
ENDINGS: Mapping[str, str] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "image/png": "png",
    "image/jpeg": "jpg",
}

# Left behind by other programs: Finder, Explorer, and spreadsheets that are open.
_JUNK = re.compile(r"thumbs\.db|desktop\.ini|~\$.*", re.IGNORECASE)
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
# Windows takes these for devices, whatever their ending.
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.IGNORECASE)


def document_path(document: Document) -> str:
    """Where an uploaded file stands in a bundle.

    Parameters
    ----------
    document : Document
        Its row.

    Returns
    -------
    str
        By its digest, since two files may have one name.
    """
    return f"documents/{document.document}.{ENDINGS.get(document.media_type, 'bin')}"


def text_path(digest: str) -> str:
    """Where the text of an uploaded file stands in a bundle.

    Parameters
    ----------
    digest : str
        Of the uploaded file.

    Returns
    -------
    str
        Apart from the uploaded files, so that an uploaded text is never taken for another's text.
    """
    return f"texts/{digest}.txt"


def is_junk(name: str) -> bool:
    """Whether a file was left there by another program.

    Parameters
    ----------
    name : str
        Its path in the bundle, with ``/`` between parts.

    Returns
    -------
    bool
        True for hidden files, ``__MACOSX``, ``Thumbs.db``, locks of open workbooks and the like.
    """
    parts = name.split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return hidden or parts[0] == "__MACOSX" or _JUNK.fullmatch(parts[-1]) is not None


def is_safe_name(name: str) -> bool:
    """Whether a folder or file can be called so on every system.

    Parameters
    ----------
    name : str
        Without an ending.

    Returns
    -------
    bool
        True for 1 to 60 of the letters a to z, digits, ``_`` and ``-`` that are no device's name.
    """
    return bool(_SAFE_NAME.fullmatch(name)) and not _DEVICES.fullmatch(name)
