"""The local data profile: an area against its comparators and England, indicator by indicator."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.indicators.profile.build import (
        AreaProfile,
        IndicatorProfile,
        Subject,
        make_profile,
    )
    from wholesystem.indicators.profile.data import Comparators, ProfileData
    from wholesystem.indicators.profile.options import (
        ProfileOptions,
        RebaseRow,
        Target,
        read_rebases,
        read_targets,
    )
    from wholesystem.indicators.profile.standouts import StandOut, stand_outs

_HOMES = {
    "AreaProfile": "build",
    "Comparators": "data",
    "IndicatorProfile": "build",
    "ProfileData": "data",
    "ProfileOptions": "options",
    "RebaseRow": "options",
    "StandOut": "standouts",
    "Subject": "build",
    "Target": "options",
    "make_profile": "build",
    "read_rebases": "options",
    "read_targets": "options",
    "stand_outs": "standouts",
}

__all__ = [
    "AreaProfile",
    "Comparators",
    "IndicatorProfile",
    "ProfileData",
    "ProfileOptions",
    "RebaseRow",
    "StandOut",
    "Subject",
    "Target",
    "make_profile",
    "read_rebases",
    "read_targets",
    "stand_outs",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
