"""The history of a review: who judged what, when, from what to what and why.

Each event carries the hash of the one before it, so that a change, a removal or an exchange of
past events is found. The chain travels with the review's bundle and is verified wherever it goes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any

from wholesystem.errors import Fault
from wholesystem.reviews.cells import (
    BlankPassage,
    Changes,
    Digest,
    Id,
    OptionalDigest,
    Record,
    Text,
)
from wholesystem.tables.rows import DateTime, whole

__all__ = ["Event", "make_event", "verify_chain"]


class Event(Record):
    """One change; a line of ``history.jsonl``, since before and after may be too long for a cell.

    Parameters
    ----------
    number : int
        From 1, without a gap.
    at : datetime
        Naive UTC, to the second.
    by : str
        Person's id.
    action : str
        What was done: ``added``, ``changed``, ``confirmed``, ``withdrawn`` and the like.
    table, record : str
        What it was done to.
    changes : str
        JSON: the value before and after by column, ``{"status": ["candidate", "confirmed"]}``.
    why : str
        The person's reason; empty where none was asked for.
    previous : str
        Digest of the event before; empty for the first.
    digest : str
        SHA-256 of all of this but itself.
    """

    number: Annotated[int, whole(1, 10**9)]
    at: DateTime
    by: Id
    action: Id
    table: Id
    record: Text
    changes: Changes
    why: BlankPassage = ""
    previous: OptionalDigest = ""
    digest: Digest


def make_event(
    previous: Event | None,
    *,
    at: datetime,
    by: str,
    action: str,
    table: str,
    record: str,
    changes: Mapping[str, Any],
    why: str = "",
) -> Event:
    """The event that comes after another.

    Parameters
    ----------
    previous : Event or None
        The last one of the review; None for its first.
    at : datetime
        Naive UTC; kept to the second.
    by : str
        Person's id.
    action : str
        What was done: ``added``, ``changed``, ``confirmed``, ``withdrawn`` and the like.
    table, record : str
        What it was done to: name of the table and id of the row.
    changes : mapping of str to (before, after)
        By column; texts, numbers, lists of texts or None.
    why : str
        The person's reason, where one was asked for.

    Returns
    -------
    Event
        With its number and its place in the chain.
    """
    told = {
        "number": previous.number + 1 if previous else 1,
        "at": at.replace(microsecond=0),
        "by": by,
        "action": action,
        "table": table,
        "record": record,
        "changes": json.dumps(changes, ensure_ascii=False, sort_keys=True),
        "why": why,
        "previous": previous.digest if previous else "",
    }
    unsigned = Event.model_validate({**told, "digest": "0" * 64})
    return unsigned.model_copy(update={"digest": _digest(unsigned)})


def _digest(event: Event) -> str:
    """SHA-256 of everything else in the event, written in one way only."""
    told = {name: text for name, text in event.cells().items() if name != "digest"}
    written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def verify_chain(events: Iterable[Event]) -> Iterator[Fault]:
    """What is wrong with a chain of events.

    Parameters
    ----------
    events : iterable of Event
        The oldest first.

    Yields
    ------
    Fault
        For each event that was changed, and each place where one is missing or out of order. None
        if the chain is whole. That the newest were cut off can only be seen by who knows the last
        digest.
    """
    previous: Event | None = None
    for event in events:
        where = f"history event {event.number}"
        if event.digest != _digest(event):
            yield Fault(
                where,
                None,
                "It is not what was recorded: its digest differs.",
                "Compare it with a backup or an earlier bundle.",
            )
        number, digest = (previous.number + 1, previous.digest) if previous else (1, "")
        if event.number != number or event.previous != digest:
            yield Fault(
                where,
                None,
                f"It does not follow on: event {number} should come here.",
                "Compare the history with a backup or an earlier bundle.",
            )
        previous = event
