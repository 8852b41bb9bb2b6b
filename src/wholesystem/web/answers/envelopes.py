"""What a respondent does: opens a link, saves part of the answers, comes back, and sends.

A part-done envelope is locked with the respondent's own code, which is kept nowhere here, so that
whoever has the link cannot read what somebody else began by it. A sent one holds nothing of the
link, and lies among the others in the order of a random key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from wholesystem.reviews.feedback.answers import AnswerSheet
from wholesystem.reviews.feedback.instrument import Answer
from wholesystem.web.answers.forgetting import forget_soon
from wholesystem.web.answers.linking import MOST_OF_OPEN_LINK, split_token
from wholesystem.web.answers.store import (
    OpenTool,
    closed_path,
    connected,
    digest_of,
    find_open,
    read_tool,
)

__all__ = [
    "Draft",
    "Found",
    "FullError",
    "find_link",
    "new_code",
    "read_draft",
    "save_draft",
    "send",
    "tidy_code",
]

_CODE_BYTES = 10
#: Bytes of a tool's file from which open links take no more: 25,000 answers of 10 KB.
MOST_BYTES_OF_TOOL = 256 * 1_048_576


@dataclass(frozen=True)
class Draft:
    """What a respondent has answered so far.

    Parameters
    ----------
    role, organisation : str
        Ids; empty while not chosen.
    answers : mapping of str to Answer
        By question.
    """

    role: str = ""
    organisation: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A link that somebody followed, and how it stands.

    Parameters
    ----------
    state : str
        ``ready``; ``used``: its answer was sent; ``withdrawn``; ``late``: its last day has passed;
        ``closed``: its tool was; ``unknown``: there is no such link.
    tool : OpenTool or None
        None where nothing is to be told of it.
    link : str
        Digest of the link; empty where there is none.
    is_single : bool
        Whether it takes one answer.
    organisation, role : str
        Whom it is for; empty where respondents choose.
    """

    state: str
    tool: OpenTool | None = None
    link: str = ""
    is_single: bool = True
    organisation: str = ""
    role: str = ""


class FullError(Exception):
    """An open link has taken as many answers as it may."""


def find_link(token: str, today: date) -> Found:
    """How a link stands.

    Parameters
    ----------
    token : str
        What stands in the address.
    today : date
        Local day.

    Returns
    -------
    Found
        Guessed links and links of tools that were never here are told alike.
    """
    short, secret = split_token(token)
    key = find_open(short)
    digest = digest_of(secret)
    if key is None:
        return Found("unknown")
    if closed_path(key).exists():
        return Found("closed")
    try:
        with connected(key) as file:
            tool = read_tool(file, key)
            if not tool.is_open:
                return Found("closed")
            row = file.execute("SELECT * FROM links WHERE hash = ?", (digest,)).fetchone()
    except FileNotFoundError:  # it was closed in the meantime
        return Found("closed")
    if row is None:
        return Found("unknown")
    last_day = min(tool.last_day, date.fromisoformat(row["last_day"]))
    state = "late" if row["state"] == "ready" and today > last_day else row["state"]
    return Found(state, tool, digest, row["kind"] == "single", row["organisation"], row["role"])


# --------------------------------------------------------------------------- the return code


def new_code() -> str:
    """A code by which a respondent comes back.

    Returns
    -------
    str
        80 random bits: four groups of four letters and digits.
    """
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode("ascii").lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def tidy_code(text: str) -> str:
    """A code as it is kept, however it was typed.

    Parameters
    ----------
    text : str
        With spaces, dashes or capitals; 0, 1 and 8 for the letters that they look like.

    Returns
    -------
    str
        As `new_code` gives it where it has its length; else letters that fit nothing.
    """
    letters = "".join(one for one in text.lower() if one.isalnum())[:40]
    letters = letters.translate(str.maketrans("018", "olb"))
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _lock(code: str) -> Fernet:
    # The code has 80 random bits: there is nothing to stretch.
    key = hashlib.sha256(f"wholesystem envelope {code}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def read_draft(found: Found, code: str) -> Draft | None:
    """What somebody answered so far.

    Parameters
    ----------
    found : Found
        A link that is ready.
    code : str
        The respondent's own.

    Returns
    -------
    Draft or None
        None where nothing was begun with this link and this code. Of an answer that was sent by an
        open link, an empty one with `answers` of nothing cannot be told from none; ask `was_sent`.
    """
    if found.tool is None or not code:
        return None
    with connected(found.tool.key) as file:
        row = file.execute(
            "SELECT content FROM envelopes WHERE reader = ? AND link = ? AND state = 'part'",
            (digest_of(code), found.link),
        ).fetchone()
    if row is None:
        return None
    try:
        told = json.loads(_lock(code).decrypt(bytes(row["content"])))
    except InvalidToken:  # the file was tampered with
        return None
    return Draft(told["role"], told["organisation"], _answers(told["answers"]))


def was_sent(found: Found, code: str) -> bool:
    """Whether this respondent has sent an answer by an open link.

    Parameters
    ----------
    found : Found
        A link that is ready.
    code : str
        The respondent's own; may be empty.

    Returns
    -------
    bool
        Of a single-use link the link itself says so.
    """
    if found.tool is None or not code:
        return False
    with connected(found.tool.key) as file:
        return (
            file.execute(
                "SELECT 1 FROM envelopes WHERE reader = ? AND link = ? AND state = 'sent'",
                (digest_of(code), found.link),
            ).fetchone()
            is not None
        )


def _answers(told: Mapping[str, Any]) -> dict[str, Answer]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }


def _check_still_open(file: sqlite3.Connection, found: Found) -> str:
    """State of the link within the transaction."""
    state = file.execute("SELECT value FROM tool WHERE name = 'state'").fetchone()
    if state is None or state["value"] != "open":
        return "closed"
    row = file.execute("SELECT state FROM links WHERE hash = ?", (found.link,)).fetchone()
    return "unknown" if row is None else str(row["state"])


def save_draft(found: Found, code: str, draft: Draft) -> str:
    """Save what somebody answered so far.

    Parameters
    ----------
    found : Found
        A link that was ready.
    code : str
        The respondent's own.
    draft : Draft
        All of it.

    Returns
    -------
    str
        State of the link: ``ready`` where it was saved, and is on the disk.

    Raises
    ------
    FullError
        If the open link has taken as many answers as it may.
    """
    assert found.tool is not None
    told = {
        "role": draft.role,
        "organisation": draft.organisation,
        "answers": dict(draft.answers),
    }
    content = _lock(code).encrypt(json.dumps(told, ensure_ascii=False).encode("utf-8"))
    reader = digest_of(code)
    try:
        with connected(found.tool.key, write=True) as file:
            state = _check_still_open(file, found)
            if state != "ready":
                return state
            there = file.execute(
                "SELECT state FROM envelopes WHERE reader = ? AND link = ?", (reader, found.link)
            ).fetchone()
            if there is not None and there["state"] == "sent":
                return "used"
            if there is None:
                _make_room(file, found)
            _check_size(file, found)
            file.execute(
                "INSERT OR REPLACE INTO envelopes VALUES (?, ?, 'part', ?)",
                (reader, found.link, content),
            )
    except FileNotFoundError:
        return "closed"
    return "ready"


def _make_room(file: sqlite3.Connection, found: Found) -> None:
    if found.is_single:
        # Begun anew, on another device: one link has one envelope.
        file.execute("DELETE FROM envelopes WHERE link = ?", (found.link,))
        return
    asked = "SELECT count(*) FROM envelopes WHERE link = ?"
    if file.execute(asked, (found.link,)).fetchone()[0] >= MOST_OF_OPEN_LINK:
        raise FullError


def _check_size(file: sqlite3.Connection, found: Found) -> None:
    """Keep strangers who have an open link from filling the disk; other links go on."""
    pages, size = (
        file.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_count", "page_size")
    )
    if not found.is_single and pages * size > MOST_BYTES_OF_TOOL:
        raise FullError


def send(found: Found, code: str, sheet: AnswerSheet) -> str:
    """Send an answer.

    Parameters
    ----------
    found : Found
        A link that was ready.
    code : str
        The respondent's own.
    sheet : AnswerSheet
        Whole, and checked.

    Returns
    -------
    str
        ``sent``: it is on the disk, now or since an earlier try; else the state of the link.
    """
    assert found.tool is not None
    told = {"role": sheet.role, "organisation": sheet.organisation, "answers": dict(sheet.answers)}
    try:
        with connected(found.tool.key, write=True) as file:
            state = _check_still_open(file, found)
            there = file.execute(
                "SELECT state FROM envelopes WHERE reader = ? AND link = ?",
                (digest_of(code), found.link),
            ).fetchone()
            if state == "used" or (there is not None and there["state"] == "sent"):
                return "sent"
            if state != "ready":
                return state
            if there is None:
                return "nothing"
            file.execute(
                "INSERT INTO sent VALUES (?, ?)",
                (secrets.token_hex(16), json.dumps(told, ensure_ascii=False)),
            )
            _seal(file, found, digest_of(code))
    except FileNotFoundError:
        return "closed"
    forget_soon(found.tool.key)
    return "sent"


def _seal(file: sqlite3.Connection, found: Found, reader: str) -> None:
    """Note that an answer was sent, with nothing that leads to it."""
    if found.is_single:
        file.execute("UPDATE links SET state = 'used' WHERE hash = ?", (found.link,))
        file.execute("DELETE FROM envelopes WHERE link = ?", (found.link,))
    else:
        file.execute(
            "UPDATE envelopes SET state = 'sent', content = NULL WHERE reader = ?", (reader,)
        )
