"""Many reviews together: what they have in common, how their figures stand, what moved."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.programme.figures import ProgrammeFigures, ProgrammeIndicator
    from wholesystem.reviews.programme.findings import ProgrammeFinding
    from wholesystem.reviews.programme.gathering import Gathered, gather_reviews
    from wholesystem.reviews.programme.moved import MovedVerdict, verdicts_of
    from wholesystem.reviews.programme.summary import ProgrammeSummary, summarise, write_summary
    from wholesystem.reviews.programme.tables import (
        Programme,
        packaged_programme_rules,
        packaged_programmes,
        read_programme,
        write_programme,
    )
    from wholesystem.reviews.programme.themes import ThemeCount

# Each public name with the module it is in: pydantic and pandas load on first use.
_HOMES = {
    "Gathered": "gathering",
    "MovedVerdict": "moved",
    "Programme": "tables",
    "ProgrammeFigures": "figures",
    "ProgrammeFinding": "findings",
    "ProgrammeIndicator": "figures",
    "ProgrammeSummary": "summary",
    "ThemeCount": "themes",
    "gather_reviews": "gathering",
    "packaged_programme_rules": "tables",
    "packaged_programmes": "tables",
    "read_programme": "tables",
    "summarise": "summary",
    "verdicts_of": "moved",
    "write_programme": "tables",
    "write_summary": "summary",
}

__all__ = [
    "Gathered",
    "MovedVerdict",
    "Programme",
    "ProgrammeFigures",
    "ProgrammeFinding",
    "ProgrammeIndicator",
    "ProgrammeSummary",
    "ThemeCount",
    "gather_reviews",
    "packaged_programme_rules",
    "packaged_programmes",
    "read_programme",
    "summarise",
    "verdicts_of",
    "write_programme",
    "write_summary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
