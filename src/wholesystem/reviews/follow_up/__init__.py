"""The follow-up of an action plan: what is said of it, and what the figures say beside that."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.follow_up.follow_up_files import read_follow_up, write_follow_up
    from wholesystem.reviews.follow_up.following import (
        FollowedAction,
        FollowedMovement,
        FollowUpFigures,
        FollowUpResult,
        follow_up,
    )
    from wholesystem.reviews.follow_up.observed import Against, Observed, Period
    from wholesystem.reviews.follow_up.others import neighbours_of
    from wholesystem.reviews.follow_up.recorded import FollowUp
    from wholesystem.reviews.follow_up.records import (
        FOLLOW_UP_TABLES,
        statuses,
        verdict_words,
    )
    from wholesystem.reviews.follow_up.repeated import (
        AuditRound,
        RepeatedAudit,
        RepeatedShare,
        compare_rounds,
    )
    from wholesystem.reviews.follow_up.result_rows import follow_up_csv, follow_up_rows
    from wholesystem.reviews.follow_up.statements import RestsOn
    from wholesystem.reviews.follow_up.verdict import (
        Judgement,
        judge_movement,
        packaged_verdict_rules,
    )

# Each public name with the module it is in: pandas and pydantic load on first use.
_HOMES = {
    "Against": "observed",
    "AuditRound": "repeated",
    "FOLLOW_UP_TABLES": "records",
    "FollowUp": "recorded",
    "FollowUpFigures": "following",
    "FollowUpResult": "following",
    "FollowedAction": "following",
    "FollowedMovement": "following",
    "Judgement": "verdict",
    "Observed": "observed",
    "Period": "observed",
    "RepeatedAudit": "repeated",
    "RepeatedShare": "repeated",
    "RestsOn": "statements",
    "compare_rounds": "repeated",
    "follow_up": "following",
    "follow_up_csv": "result_rows",
    "follow_up_rows": "result_rows",
    "judge_movement": "verdict",
    "neighbours_of": "others",
    "packaged_verdict_rules": "verdict",
    "read_follow_up": "follow_up_files",
    "statuses": "records",
    "verdict_words": "records",
    "write_follow_up": "follow_up_files",
}

__all__ = [
    "FOLLOW_UP_TABLES",
    "Against",
    "AuditRound",
    "FollowUp",
    "FollowUpFigures",
    "FollowUpResult",
    "FollowedAction",
    "FollowedMovement",
    "Judgement",
    "Observed",
    "Period",
    "RepeatedAudit",
    "RepeatedShare",
    "RestsOn",
    "compare_rounds",
    "follow_up",
    "follow_up_csv",
    "follow_up_rows",
    "judge_movement",
    "neighbours_of",
    "packaged_verdict_rules",
    "read_follow_up",
    "statuses",
    "verdict_words",
    "write_follow_up",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
