"""Case tracking, with no web in it: which journeys are looked at, and what happened in each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.cases.case import (
        PAPER,
        Case,
        make_case,
        packaged_checklist,
        type_in_case,
    )
    from wholesystem.reviews.cases.drawn import (
        DrawnCase,
        DrawnCases,
        draw_cases,
        read_drawn,
        write_drawn,
    )
    from wholesystem.reviews.cases.records import (
        CaseAnswer,
        CaseDelay,
        CaseStay,
        ChecklistItem,
        TrackedCase,
    )
    from wholesystem.reviews.cases.sampling import (
        CaseSample,
        SampledCase,
        StratumCount,
        journey_of,
        sample_cases,
    )
    from wholesystem.reviews.cases.strata import Stratum, packaged_strata, read_strata
    from wholesystem.reviews.cases.timeline import TimelineRow, timeline_rows
    from wholesystem.reviews.cases.together import AnswerCount, count_answers, publishable

# Each public name with the module it is in: pandas and pydantic load on first use.
_HOMES = {
    "AnswerCount": "together",
    "CaseAnswer": "records",
    "CaseDelay": "records",
    "CaseStay": "records",
    "TrackedCase": "records",
    "count_answers": "together",
    "publishable": "together",
    "PAPER": "case",
    "Case": "case",
    "CaseSample": "sampling",
    "ChecklistItem": "records",
    "DrawnCase": "drawn",
    "DrawnCases": "drawn",
    "SampledCase": "sampling",
    "Stratum": "strata",
    "StratumCount": "sampling",
    "TimelineRow": "timeline",
    "draw_cases": "drawn",
    "journey_of": "sampling",
    "make_case": "case",
    "packaged_checklist": "case",
    "packaged_strata": "strata",
    "read_drawn": "drawn",
    "read_strata": "strata",
    "sample_cases": "sampling",
    "timeline_rows": "timeline",
    "type_in_case": "case",
    "write_drawn": "drawn",
}

__all__ = [
    "PAPER",
    "AnswerCount",
    "Case",
    "CaseAnswer",
    "CaseDelay",
    "CaseSample",
    "CaseStay",
    "ChecklistItem",
    "DrawnCase",
    "DrawnCases",
    "SampledCase",
    "Stratum",
    "StratumCount",
    "TimelineRow",
    "TrackedCase",
    "count_answers",
    "draw_cases",
    "journey_of",
    "make_case",
    "packaged_checklist",
    "packaged_strata",
    "publishable",
    "read_drawn",
    "read_strata",
    "sample_cases",
    "timeline_rows",
    "type_in_case",
    "write_drawn",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
