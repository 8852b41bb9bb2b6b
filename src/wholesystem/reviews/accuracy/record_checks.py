"""What may be wrong between a review's rows of factual accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wholesystem.errors import Fault

__all__ = ["accuracy_faults"]

Place = Callable[[str, int, str], str]


def accuracy_faults(tables: Mapping[str, Sequence[Any]], where: Place) -> Iterator[Fault]:
    """Rounds and comments that contradict themselves or one another.

    Parameters
    ----------
    tables : mapping of str to sequence of Row
        Of a review.
    where : callable
        Place of a cell by table, number of its row from 0, and column.

    Yields
    ------
    Fault
        Decisions without a reason, comments of organisations that were not asked, and signatures
        before everything is decided or by whoever decided.
    """
    rounds = {one.accuracy_round: one for one in tables["accuracy_rounds"]}
    for at, one in enumerate(tables["accuracy_rounds"]):
        yield from _round_faults(one, at, tables["accuracy_comments"], where)
    for at, one in enumerate(tables["accuracy_comments"]):
        yield from _comment_faults(one, at, rounds, where)


def _round_faults(one: Any, at: int, comments: Sequence[Any], where: Place) -> Iterator[Fault]:
    def fault(column: str, value: object, rule: str, remedy: str) -> Fault:
        return Fault(where("accuracy_rounds", at, column), str(value or ""), rule, remedy)

    if one.due_on <= one.sent_on:
        yield fault("due_on", one.due_on, "It is not after the day of sending.", "Correct the day.")
    if not one.organisations:
        yield fault("organisations", "", "A round is sent to at least one.", "Name them.")
    if bool(one.signed_by) != (one.signed_at is not None):
        rule = "A round that is signed says by whom and when; no other does."
        yield fault("signed_by", one.signed_by, rule, "Fill both, or clear both.")
    if one.signed_by:
        own = [
            two
            for two in comments
            if two.accuracy_round == one.accuracy_round and not two.withdrawn
        ]
        if one.closed_on is None or any(not two.decision for two in own):
            rule = "A round is signed after it was closed and every comment decided."
            yield fault("signed_by", one.signed_by, rule, "Clear the signature.")
        if any(two.decided_by == one.signed_by for two in own):
            rule = "Whoever decided a comment cannot sign the round."
            yield fault("signed_by", one.signed_by, rule, "Have somebody else sign.")


def _comment_faults(one: Any, at: int, rounds: Mapping[str, Any], where: Place) -> Iterator[Fault]:
    def fault(column: str, value: object, rule: str, remedy: str) -> Fault:
        return Fault(where("accuracy_comments", at, column), str(value or ""), rule, remedy)

    asked = rounds.get(one.accuracy_round)
    if asked is not None and one.organisation not in asked.organisations:
        rule = "This organisation was not asked in the round."
        yield fault("organisation", one.organisation, rule, "Correct one of the two.")
    decided = (bool(one.decision), bool(one.decided_by), one.decided_at is not None)
    if any(decided) and not all(decided):
        rule = "A decision says by whom and when."
        yield fault("decision", one.decision, rule, "Fill all three, or clear all.")
    if one.decision and not one.reason:
        yield fault("reason", "", "Every decision has its reason.", "Give it.")
    if one.change and one.decision not in ("accepted", "partly"):
        rule = "Only a comment that was accepted, or partly so, changes the report."
        yield fault("change", one.change, rule, "Clear it, or correct the decision.")
