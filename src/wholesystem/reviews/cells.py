"""Kinds of cells that a review's tables have beside those of every small table."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from wholesystem.tables.cells import CellError, parse_id
from wholesystem.tables.rows import reader

__all__ = ["LONGEST_PASSAGE", "BlankPassage", "Digest", "Ids", "OptionalDigest", "Passage", "tidy"]

#: Characters of a passage; a spreadsheet's cell holds 32,767.
LONGEST_PASSAGE = 20_000

# What no CSV file, workbook or database of ours can hold: control characters (line ends and tabs
# are fine), halves of letters, and two code points that are no characters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def tidy(text: str) -> str:
    """Text as it is kept: one kind of line end, no space around it.

    Parameters
    ----------
    text : str
        As typed or pasted.

    Returns
    -------
    str
        The same words. What is kept so comes back from a bundle letter by letter.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def parse_passage(text: str) -> str:
    """Free text of up to 20,000 characters.

    Parameters
    ----------
    text : str
        Any script, emoji and line ends included.

    Returns
    -------
    str
        Tidied.

    Raises
    ------
    CellError
        If it is longer, or has characters that no file of ours can hold.
    """
    text = tidy(text)
    if len(text) > LONGEST_PASSAGE:
        raise CellError(
            f"It may have at most {LONGEST_PASSAGE:,} characters; it has {len(text):,}.",
            "Split it into two passages.",
        )
    found = _UNWRITABLE.search(text)
    if found:
        raise CellError(
            f"It must not contain control characters (U+{ord(found[0]):04X} at character"
            f" {found.start() + 1}).",
            "Remove it, or type the text again.",
        )
    return text


def parse_ids(text: str) -> tuple[str, ...]:
    """Names parted by semicolons.

    Parameters
    ----------
    text : str
        Such as ``crisis_safe; crisis_effective``; blank for none.

    Returns
    -------
    tuple of str
        In the order given.

    Raises
    ------
    CellError
        If one is no name, or stands twice.
    """
    names = tuple(parse_id(part.strip()) for part in text.split(";")) if text.strip() else ()
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise CellError(f"{repeated[0]} stands there twice.", "Name each once.")
    return names


def parse_digest(text: str) -> str:
    """A SHA-256 digest, by which a file is known.

    Parameters
    ----------
    text : str
        64 hexadecimal digits in lower case.

    Returns
    -------
    str
        The same.

    Raises
    ------
    CellError
        For anything else.
    """
    if not _DIGEST.fullmatch(text):
        raise CellError(
            "It must be a SHA-256 digest: 64 digits of 0-9 and a-f.", "Copy it from documents.csv."
        )
    return text


def _read_ids(value: Any) -> tuple[str, ...]:
    try:
        # A list comes from forms and the database; its names are checked as a cell's are.
        return parse_ids(value if isinstance(value, str) else "; ".join(value))
    except CellError as error:
        raise PydanticCustomError(
            "cell", "{rule}", {"rule": error.rule, "remedy": error.remedy}
        ) from None


Passage = Annotated[str, reader(parse_passage)]
BlankPassage = Annotated[str, reader(parse_passage, blank="")]
Ids = Annotated[tuple[str, ...], BeforeValidator(_read_ids)]
Digest = Annotated[str, reader(parse_digest)]
OptionalDigest = Annotated[str, reader(parse_digest, blank="")]
