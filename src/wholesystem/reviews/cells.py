"""Kinds of cells that a review's tables have beside those of every small table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from wholesystem.tables import cells
from wholesystem.tables.cells import CellError, number_text
from wholesystem.tables.rows import Row, reader

__all__ = [
    "LONGEST_PASSAGE",
    "BlankPassage",
    "BlankText",
    "Changes",
    "Digest",
    "Id",
    "Ids",
    "OptionalDigest",
    "OptionalId",
    "Passage",
    "Record",
    "Text",
    "tidy",
]

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


def _check_writable(text: str, longest: int, remedy: str) -> str:
    text = tidy(text)
    if len(text) > longest:
        raise CellError(
            f"It may have at most {longest:,} characters; it has {len(text):,}.", remedy
        )
    found = _UNWRITABLE.search(text)
    if found:
        raise CellError(
            f"It must not contain control characters (U+{ord(found[0]):04X} at character"
            f" {found.start() + 1}).",
            "Remove it, or type the text again.",
        )
    return text


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
    return _check_writable(text, LONGEST_PASSAGE, "Split it into two passages.")


def parse_line(text: str) -> str:
    """Short text for people, such as a title.

    Parameters
    ----------
    text : str
        At most 2,000 characters.

    Returns
    -------
    str
        Tidied.

    Raises
    ------
    CellError
        As for `parse_passage`.
    """
    return _check_writable(text, cells.LONGEST_TEXT, "Shorten it.")


def parse_id(text: str) -> str:
    """A name that other rows use.

    Parameters
    ----------
    text : str
        As for the ids of every small table.

    Returns
    -------
    str
        Without space around it, as it comes back from a file.

    Raises
    ------
    CellError
        If it is no id.
    """
    return cells.parse_id(tidy(text))


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
        If one is no name, stands twice, or they are too many for a cell.
    """
    if len(text) > LONGEST_PASSAGE:
        raise CellError("It names more rows than a cell can hold.", "Name fewer.")
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


def parse_changes(text: str) -> str:
    """What an event changed, as JSON.

    Parameters
    ----------
    text : str
        A JSON object: the value before and after by column.

    Returns
    -------
    str
        The same, letter by letter, since the event's digest is of it.

    Raises
    ------
    CellError
        If it is no JSON object, or cannot be written.
    """
    remedy = "Compare it with a backup or an earlier bundle."
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or _UNWRITABLE.search(text):
        raise CellError("It must be a JSON object of what changed.", remedy)
    return text


def _filled(parse: Callable[[str], str]) -> Callable[[str], str]:
    """The same reader, refusing what is blank once it is tidied."""

    def read(text: str) -> str:
        value = parse(text)
        if not value:
            raise CellError("A value is needed here.", "Fill the cell.")
        return value

    return read


def _read_ids(value: Any) -> tuple[str, ...]:
    try:
        # A list comes from forms and the database; its names are checked as a cell's are.
        if isinstance(value, str):
            return parse_ids(value)
        return parse_ids("; ".join(parse_id(name) for name in value))
    except CellError as error:
        raise PydanticCustomError(
            "cell", "{rule}", {"rule": error.rule, "remedy": error.remedy}
        ) from None


Id = Annotated[str, reader(parse_id)]
OptionalId = Annotated[str, reader(parse_id, blank="")]
Text = Annotated[str, reader(_filled(parse_line))]
BlankText = Annotated[str, reader(parse_line, blank="")]
Passage = Annotated[str, reader(_filled(parse_passage))]
BlankPassage = Annotated[str, reader(parse_passage, blank="")]
Ids = Annotated[tuple[str, ...], BeforeValidator(_read_ids)]
Digest = Annotated[str, reader(parse_digest)]
OptionalDigest = Annotated[str, reader(parse_digest, blank="")]
Changes = Annotated[str, reader(parse_changes)]


class Record(Row):
    """A row of a review: what a program gives is checked as a file's cells are.

    So that no value can be made that a bundle could not bring back: no time zone, no infinity, no
    year 1800.
    """

    @model_validator(mode="before")
    @classmethod
    def _as_cells(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: _as_cell(value) for name, value in given.items()}


def _as_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        try:
            return number_text(value)
        except (ValueError, OverflowError):
            return str(value)
    return value
