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
    from wholesystem.reviews.plan.workbook_reading import (
        PlanImport,
        RejectedRow,
        SheetCount,
        read_plan_workbook,
        write_rejected_rows,
    )
    from wholesystem.reviews.plan.workbook_writing import write_plan_workbook

# Each public name with the module it is in: pydantic and workbooks load on first use.
_HOMES = {
    "ActionPlan": "plan",
    "PLAN_TABLES": "records",
    "PlanImport": "workbook_reading",
    "RejectedRow": "workbook_reading",
    "SheetCount": "workbook_reading",
    "packaged_gap_rules": "gaps",
    "plan_gaps": "gaps",
    "read_plan": "plan_files",
    "read_plan_workbook": "workbook_reading",
    "write_plan": "plan_files",
    "write_plan_workbook": "workbook_writing",
    "write_rejected_rows": "workbook_reading",
}

__all__ = [
    "PLAN_TABLES",
    "ActionPlan",
    "PlanImport",
    "RejectedRow",
    "SheetCount",
    "packaged_gap_rules",
    "plan_gaps",
    "read_plan",
    "read_plan_workbook",
    "write_plan",
    "write_plan_workbook",
    "write_rejected_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
