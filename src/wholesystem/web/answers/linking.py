"""Links to an open tool: made, told once, and kept as digests alone."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wholesystem.reviews.feedback.answer_files import shuffle_sheets
from wholesystem.web.answers.store import SHORT, connected, digest_of

__all__ = ["MOST_OF_OPEN_LINK", "LinkGroup", "make_links", "split_token", "withdraw_links"]

#: Answers that one open link takes, so that nobody can fill the disk with it.
MOST_OF_OPEN_LINK = 25_000
#: 80 bits as 16 letters and digits that are not mixed up when they are typed.
_SECRET_BYTES = 10


@dataclass(frozen=True)
class LinkGroup:
    """Links that are for the same people.

    Parameters
    ----------
    batch : str
        Id of the invitation, by which its links can be withdrawn.
    organisation, role : str
        Ids; empty where respondents choose.
    number : int or None
        How many single-use links; None for one open link.
    last_day : date
        Last day on which they hold.
    """

    batch: str
    organisation: str
    role: str
    number: int | None
    last_day: date


def _new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii").lower()


def make_links(key: str, groups: Sequence[LinkGroup]) -> tuple[str, ...]:
    """Make links to an open tool.

    Parameters
    ----------
    key : str
        Of the tool.
    groups : sequence of LinkGroup
        In any order.

    Returns
    -------
    tuple of str
        What stands in the addresses, group by group. They are told here and never again: what is
        kept is a digest, among the others in the order of the digests.

    Raises
    ------
    FileNotFoundError
        If the tool is not open.
    """
    tokens, rows = [], []
    for group in groups:
        kind = "open" if group.number is None else "single"
        for _ in range(group.number or 1):
            secret = _new_secret()
            tokens.append(f"{key[:SHORT]}-{secret}")
            rows.append(
                (digest_of(secret), group.batch, group.organisation, group.role, kind,
                 group.last_day.isoformat(), "ready")
            )  # fmt: skip
    with connected(key, write=True) as file:
        file.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?)", shuffle_sheets(rows))
    return tuple(tokens)


def split_token(token: str) -> tuple[str, str]:
    """The two parts of what stands in an address.

    Parameters
    ----------
    token : str
        As it was typed or followed.

    Returns
    -------
    short, secret : str
        In small letters; either may be empty.
    """
    short, _, secret = token.lower().partition("-")
    return short, secret


def withdraw_links(key: str, batch: str) -> None:
    """Withdraw the links of an invitation; what was sent by them stays.

    Parameters
    ----------
    key : str
        Of the tool.
    batch : str
        Id of the invitation.
    """
    with connected(key, write=True) as file:
        file.execute(
            "UPDATE links SET state = 'withdrawn' WHERE batch = ? AND state = 'ready'", (batch,)
        )
