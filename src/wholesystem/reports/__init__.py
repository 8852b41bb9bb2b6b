"""Reports: what a run or a review is handed over as.

Pages: one HTML file that needs no other file and no network. Documents, in a package of their own:
one model, written as HTML, PDF and Word.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reports.page import Fact, Page, Picture, Section, render_page
    from wholesystem.reports.run_map import mean_flows, system_map_of
    from wholesystem.reports.run_page import page_of_run, write_run_page
    from wholesystem.reports.spc_page import page_of_charts, write_spc_page

__all__ = [
    "Fact",
    "Page",
    "Picture",
    "Section",
    "mean_flows",
    "page_of_charts",
    "page_of_run",
    "render_page",
    "system_map_of",
    "write_run_page",
    "write_spc_page",
]

_HOMES = {
    "Fact": "page",
    "Page": "page",
    "Picture": "page",
    "Section": "page",
    "mean_flows": "run_map",
    "page_of_charts": "spc_page",
    "page_of_run": "run_page",
    "render_page": "page",
    "system_map_of": "run_map",
    "write_run_page": "run_page",
    "write_spc_page": "spc_page",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
