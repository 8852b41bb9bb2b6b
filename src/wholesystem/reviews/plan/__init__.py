"""The action plan that answers a review: who does what by when, and what should move."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.plan.gaps import packaged_gap_rules, plan_gaps
    from wholesystem.reviews.plan.plan import ActionPlan
    from wholesystem.reviews.plan.plan_files import read_plan, write_plan
    from wholesystem.reviews.plan.records import (
        PLAN_TABLES,
    )

# Each public name with the module it is in: pydantic and workbooks load on first use.
_HOMES = {
    "ActionPlan": "plan",
    "PLAN_TABLES": "records",
    "packaged_gap_rules": "gaps",
    "plan_gaps": "gaps",
    "read_plan": "plan_files",
    "write_plan": "plan_files",
}

__all__ = [
    "PLAN_TABLES",
    "ActionPlan",
    "packaged_gap_rules",
    "plan_gaps",
    "read_plan",
    "write_plan",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
