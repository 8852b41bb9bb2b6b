"""Adding to the chain of site events, and checking it.

Each link's digest is over its own content and the digest before it, so that a link changed,
taken out or put in between shows. Taking off the newest links shows only against a copy: a
backup's manifest holds the last digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection

from wholesystem.errors import OurFault
from wholesystem.web.audit.models import SiteEvent
from wholesystem.web.database import one_view

if TYPE_CHECKING:
    from wholesystem.web.accounts.models import User

__all__ = ["Break", "Detail", "find_breaks", "record"]

Detail = int | bool | str | None
# A fixed word such as `invited`, never a person's words: those are not for a log that stays.
WORD = re.compile(r"[a-z0-9_:.-]{0,60}")
# Any number: it only has to differ from the keys of other advisory locks.
CHAIN_LOCK = 7_205_011


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold.

    Parameters
    ----------
    number : int
        Of the link, or of the one that is missing.
    what : str
        What is wrong, as a sentence.
    """

    number: int
    what: str


def record(
    action: str, *, by: User | None, of: str = "", details: dict[str, Detail] | None = None
) -> SiteEvent:
    """Add a link, in the caller's transaction.

    Parameters
    ----------
    action : str
        A fixed word: what was done.
    by : User or None
        Who did it; None for a command of the terminal.
    of : str
        To what, such as ``user:3``.
    details : dict of str to int, bool, str or None, optional
        Numbers and fixed words.

    Returns
    -------
    SiteEvent
        The link.

    Raises
    ------
    OurFault
        If a detail holds more than a fixed word, or no transaction is open.
    """
    _check_words(action, of, details or {})
    if not connection.in_atomic_block:
        raise OurFault("An event is recorded in the transaction of what it tells of.")
    _lock_chain()
    last = SiteEvent.objects.order_by("-number").first()
    link = SiteEvent(
        number=last.number + 1 if last else 1,
        at=datetime.now(UTC).isoformat(timespec="microseconds"),
        actor=by.pk if by else None,
        action=action,
        object=of,
        details=_canonical(details or {}),
        previous=last.digest if last else "",
    )
    link.digest = digest_of(link)
    link.save(force_insert=True)
    return link


def _check_words(action: str, of: str, details: dict[str, Detail]) -> None:
    words = [action, of, *details, *(one for one in details.values() if isinstance(one, str))]
    if not all(WORD.fullmatch(word) for word in words):
        raise OurFault("An event holds fixed words and numbers only.")


def _lock_chain() -> None:
    """One writer at a time. On SQLite each writing transaction is that by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def digest_of(link: SiteEvent) -> str:
    """SHA-256 over a link's content and the digest before it, in hexadecimal."""
    content = [
        link.number,
        link.at,
        link.actor,
        link.action,
        link.object,
        link.details,
        link.previous,
    ]
    return hashlib.sha256(_canonical(content).encode("utf-8")).hexdigest()


def find_breaks() -> list[Break]:
    """Every place where the chain does not hold.

    Returns
    -------
    list of Break
        Empty where it is whole.
    """
    return list(_breaks())


def _breaks() -> Iterator[Break]:
    previous, expected = "", 1
    with one_view():
        for link in SiteEvent.objects.order_by("number").iterator():
            if link.number != expected:
                yield Break(expected, "The link is missing.")
            if link.previous != previous:
                yield Break(link.number, "It does not follow from the link before it.")
            if link.digest != digest_of(link):
                yield Break(link.number, "Its content is not what was recorded.")
            previous, expected = link.digest, link.number + 1
