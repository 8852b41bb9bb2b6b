"""Rows on their way from text to a `Model`: sound by themselves, not yet checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wholesystem.errors import Fault
from wholesystem.flow.model_rows import Settings
from wholesystem.tables import Table

__all__ = ["Rows"]


@dataclass
class Rows:
    """Typed rows while they are being checked, with their row numbers.

    Parameters
    ----------
    tables : mapping of str to Table
        The text that they come from.
    settings : Settings or None
        None where it has a fault.
    rows : dict of str to list of (int, row)
        By table; those without a fault of their own.
    empirical : dict of str to tuple of float
        By name.
    faults : list of Fault
        Found so far.
    """

    tables: Mapping[str, Table]
    settings: Settings | None = None
    rows: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    empirical: dict[str, tuple[float, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
