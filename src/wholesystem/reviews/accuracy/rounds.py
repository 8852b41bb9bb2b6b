"""How far a round of factual accuracy has come, who may sign it, and what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wholesystem.reviews.accuracy.records import DECISIONS, AccuracyComment, AccuracyRound
from wholesystem.reviews.review import Review
from wholesystem.reviews.working_days import working_days_left

__all__ = ["FIELDWORK", "Clock", "RoundState", "clock_of", "state_of", "why_not_sign"]

#: Kinds of source that are recorded by those who were on the visit.
FIELDWORK = ("interview", "focus_group", "visit", "case_file")


@dataclass(frozen=True)
class Clock:
    """How long organisations have for their comments.

    Parameters
    ----------
    due_on : date
        The last day.
    left : int
        Working days left, 0 on the last day; below 0 when it has passed.
    is_over : bool
        Whether the last day has passed, or the round was closed.
    words : str
        The same in words.
    """

    due_on: date
    left: int
    is_over: bool
    words: str


def clock_of(one: AccuracyRound, today: date) -> Clock:
    """The clock of a round.

    Parameters
    ----------
    one : AccuracyRound
        The round.
    today : date
        Local day.

    Returns
    -------
    Clock
        Counted in working days of England.
    """
    due = f"{one.due_on:%A} {one.due_on.day} {one.due_on:%B %Y}"
    left = working_days_left(today, one.due_on)
    if one.closed_on is not None:
        closed = f"{one.closed_on.day} {one.closed_on:%B %Y}"
        return Clock(one.due_on, left, True, f"The round was closed on {closed}.")
    if today > one.due_on:
        return Clock(one.due_on, left, True, f"The time for comments ended on {due}.")
    if today == one.due_on:
        return Clock(one.due_on, left, False, f"Today, {due}, is the last day for comments.")
    days = f"{left} working {'day' if left == 1 else 'days'}"
    return Clock(one.due_on, left, False, f"{days} left. The last day for comments is {due}.")


@dataclass(frozen=True)
class RoundState:
    """What was said in a round, and what became of it.

    Parameters
    ----------
    comments : tuple of AccuracyComment
        That stand, in order of entry.
    undecided : tuple of AccuracyComment
        Those of them that nobody has decided.
    decisions : tuple of (str, int)
        How many were accepted, partly accepted and not accepted.
    silent : tuple of str
        Organisations that were asked and said nothing.
    """

    comments: tuple[AccuracyComment, ...]
    undecided: tuple[AccuracyComment, ...]
    decisions: tuple[tuple[str, int], ...]
    silent: tuple[str, ...]


def state_of(one: AccuracyRound, comments: Sequence[AccuracyComment]) -> RoundState:
    """How far a round has come.

    Parameters
    ----------
    one : AccuracyRound
        The round.
    comments : sequence of AccuracyComment
        Of the review; those of other rounds and withdrawn ones are passed over.

    Returns
    -------
    RoundState
        In order of entry.
    """
    own = tuple(
        two for two in comments if two.accuracy_round == one.accuracy_round and not two.withdrawn
    )
    counts = Counter(two.decision for two in own)
    spoke = {two.organisation for two in own}
    return RoundState(
        own,
        tuple(two for two in own if not two.decision),
        tuple((decision, counts[decision]) for decision in DECISIONS),
        tuple(name for name in one.organisations if name not in spoke),
    )


def why_not_sign(
    review: Review, one: AccuracyRound, comments: Sequence[AccuracyComment], person: str
) -> tuple[str, ...]:
    """Why somebody may not sign a round.

    Parameters
    ----------
    review : Review
        Whose round.
    one : AccuracyRound
        The round.
    comments : sequence of AccuracyComment
        Of the review.
    person : str
        Id of who would sign.

    Returns
    -------
    tuple of str
        Sentences; empty where they may. Who recorded an interview, a focus group, a visit or a
        case file counts as having been on the visit.
    """
    return tuple(_reasons(review, one, comments, person))


def _reasons(
    review: Review, one: AccuracyRound, comments: Sequence[AccuracyComment], person: str
) -> Iterator[str]:
    state = state_of(one, comments)
    if one.signed_by:
        yield "The round is signed already."
    if one.closed_on is None:
        yield "The round is still open for comments. Close it first."
    if state.undecided:
        count = len(state.undecided)
        yield f"{count} {'comment is' if count == 1 else 'comments are'} not decided yet."
    if any(two.decided_by == person for two in state.comments):
        yield "You decided comments of this round. Somebody else must sign."
    if any(two.recorded_by == person for two in state.comments):
        yield "You commented in this round. Somebody else must sign."
    if any(source.kind in FIELDWORK and source.recorded_by == person for source in review.sources):
        yield (
            "You recorded interviews, visits or case files of this review. Whoever signs was not"
            " on the visit."
        )
