"""Settings as a table of key, value and note: a TOML file in a folder, a sheet in a workbook.

The note of a key is the comment above it (and behind it), so nothing is lost between the two.
"""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from wholesystem.errors import Fault
from wholesystem.tables.cells import number_text
from wholesystem.tables.raw import RawRow, Table

__all__ = ["SETTINGS_COLUMNS", "settings_from_toml", "settings_to_toml"]

SETTINGS_COLUMNS = ("key", "value", "note")

_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=\s*(.*)")
# Numbers, dates and times, true and false.
_MAY_BE_BARE = re.compile(r"[0-9+\-.eET:]+|true|false", re.ASCII)


def settings_from_toml(name: str, shown_as: str, text: str) -> tuple[Table | None, list[Fault]]:
    """Table of a TOML file of single values.

    Parameters
    ----------
    name : str
        Of the table.
    shown_as : str
        As messages call it.
    text : str
        Of the file.

    Returns
    -------
    table : Table or None
        None where it cannot be read; row numbers are line numbers.
    faults : list of Fault
        Why not, and of values that are no single value.
    """
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [
            Fault(
                shown_as,
                None,
                f"It is no TOML: {str(error)[:200]}.",
                'Each line must be key = value, text in double quotes: name = "My area".',
            )
        ]
    lines, notes, rest = _walk(text)
    rows, faults = [], []
    for key, value in values.items():
        number = lines.get(key, 1)
        if isinstance(value, dict | list | time):
            faults.append(
                Fault(
                    f"{shown_as} line {number}, {key}",
                    None,
                    "It must be a single number, text or date.",
                    f"Write {key} = value on a line of its own.",
                )
            )
            continue
        rows.append(RawRow(number, {"key": key, "value": _text(value), "note": notes.get(key, "")}))
    rows.sort(key=lambda row: row.number)
    if rest:
        rows.append(RawRow(text.count("\n"), {"key": "", "value": "", "note": rest}))
    return Table(name, shown_as, SETTINGS_COLUMNS, tuple(rows), row_word="line"), faults


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return number_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()


def _walk(text: str) -> tuple[dict[str, int], dict[str, str], str]:
    """Line of each key, the comments above and behind it, and the comments after the last."""
    lines: dict[str, int] = {}
    notes: dict[str, str] = {}
    pending: list[str] = []
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:  # inside a text of several lines
            closing = "" if closing in line else closing
        elif line.strip().startswith("#"):
            pending.append(line.strip()[1:].strip())
        elif match := _KEY.match(line):
            key, value = match.groups()
            lines[key] = number
            behind = _comment_behind(value)
            notes[key] = "\n".join([*pending, *([behind] if behind else [])]).strip()
            pending = []
            closing = _opens(value)
    return lines, notes, "\n".join(pending).strip()


def _opens(value: str) -> str:
    for quotes in ('"""', "'''"):
        if value.startswith(quotes) and quotes not in value[3:]:
            return quotes
    return ""


def _comment_behind(value: str) -> str:
    """Comment after a value; a # inside quotes is none."""
    quote = ""
    for i, letter in enumerate(value):
        if quote:
            if letter == quote and (quote == "'" or value[i - 1] != "\\"):
                quote = ""
        elif letter in "\"'":
            quote = letter
        elif letter == "#":
            return value[i + 1 :].strip()
    return ""


def settings_to_toml(table: Table) -> str:
    """Text of a TOML file of settings.

    Parameters
    ----------
    table : Table
        With columns key, value and note.

    Returns
    -------
    str
        A blank line before each key that has a note, its note as a comment above it.
    """
    lines: list[str] = []
    for row in table.rows:
        note = row.cells.get("note", "")
        if note:
            lines += [""] if lines else []
            lines += [f"# {line}".rstrip() for line in note.split("\n")]
        if row.cells.get("key"):
            lines.append(f"{row.cells['key']} = {_toml_value(row.cells.get('value', ''))}")
    return "\n".join(lines) + "\n"


def _toml_value(text: str) -> str:
    """The value bare where TOML gives back the same text, else in quotes."""
    if _MAY_BE_BARE.fullmatch(text):
        try:
            if _text(tomllib.loads(f"value = {text}")["value"]) == text:
                return text
        except tomllib.TOMLDecodeError:
            pass
    # JSON's quoting is TOML's, but for one letter.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
