"""Packaged areas: Oxfordshire in 2017, a programme of twenty, and a small invented one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.examples.demo import run_demo
    from wholesystem.examples.extract import open_extract, open_programme_extract
    from wholesystem.examples.market import read_example_market
    from wholesystem.examples.own_model import copy_new_model
    from wholesystem.examples.programme import example_programme
    from wholesystem.examples.reperformance import read_report_figures, reperform
    from wholesystem.examples.review import read_example_review

__all__ = [
    "copy_new_model",
    "example_programme",
    "open_extract",
    "open_programme_extract",
    "read_example_market",
    "read_example_review",
    "read_report_figures",
    "reperform",
    "run_demo",
]

_MODULES = {
    "copy_new_model": "own_model",
    "example_programme": "programme",
    "open_extract": "extract",
    "open_programme_extract": "extract",
    "read_example_market": "market",
    "read_example_review": "review",
    "read_report_figures": "reperformance",
    "reperform": "reperformance",
    "run_demo": "demo",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
