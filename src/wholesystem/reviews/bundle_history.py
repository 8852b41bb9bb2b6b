"""``history.jsonl``: the history of a review, an event a line, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from pydantic import ValidationError

from wholesystem.errors import Fault
from wholesystem.reviews.bundle_index import HistoryHead
from wholesystem.reviews.checks import MOST_FAULTS
from wholesystem.reviews.history import Event, verify_chain

__all__ = ["HISTORY", "event_line", "read_history"]

HISTORY = "history.jsonl"
_AGAIN = "Take it from the bundle as it was written."


def event_line(event: Event) -> str:
    """An event as its line.

    Parameters
    ----------
    event : Event
        Of a history.

    Returns
    -------
    str
        JSON in the one form that its digest is of, with the digest.
    """
    return json.dumps(event.cells(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_history(data: bytes | None, head: HistoryHead) -> tuple[tuple[Event, ...], list[Fault]]:
    """Events of a history, and what is wrong with them.

    Parameters
    ----------
    data : bytes or None
        Of ``history.jsonl``; None where it is not there.
    head : HistoryHead
        How it ended when it was written.

    Returns
    -------
    events : tuple of Event
        The oldest first; those that could be read.
    faults : list of Fault
        Of lines; if there is none, of the chain.
    """
    if data is None:
        return (), [Fault(HISTORY, None, "It is missing.", _AGAIN)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (), [Fault(HISTORY, None, "It is not written in UTF-8.", _AGAIN)]
    events: list[Event] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and len(faults) <= MOST_FAULTS:
            event, of_line = _read_event(f"{HISTORY} line {number}", line)
            faults += of_line
            events += [event] if event else []
    # An event that cannot be read would break the chain once more, at the next one.
    of_chain = () if faults else islice(verify_chain(events), MOST_FAULTS)
    return tuple(events), [*faults, *of_chain, *(() if faults else _cut_faults(events, head))]


def _read_event(where: str, line: str) -> tuple[Event | None, list[Fault]]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        return None, [Fault(where, None, "It must be a JSON object of texts.", _AGAIN)]
    try:
        return Event.model_validate(told), []
    except ValidationError as error:
        return None, [
            Fault(
                f"{where}, {'.'.join(str(part)[:60] for part in one['loc'])}",
                one["input"] if isinstance(one["input"], str) else None,
                one.get("ctx", {}).get("rule", f"{one['msg']}."),
                _AGAIN,
            )
            for one in error.errors()
        ]


def _cut_faults(events: list[Event], head: HistoryHead) -> Iterator[Fault]:
    last = events[head.events - 1].digest if 0 < head.events <= len(events) else ""
    if last != head.last:
        yield Fault(
            HISTORY,
            None,
            f"Its end is missing: event {head.events} should have the digest {head.last[:12]}...",
            _AGAIN,
        )
