"""A review of a local system: its questions, sources, evidence and findings, with no web in it.

A `Review` is a set of small tables that are checked together. It is the same whether it was read
from a bundle (a folder or zip of CSV, JSON and files) or from the workspace's database, so every
rule on it is written once, here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.reviews.anchoring import Span, anchor, find_spans
    from wholesystem.reviews.bundle import Bundle, BundleFiles, read_bundle, write_bundle
    from wholesystem.reviews.chain import Chain, chain_of, what_is_about, what_rests_on
    from wholesystem.reviews.documents import Upload, clean_name, inspect_upload
    from wholesystem.reviews.extraction import DocumentText, extract_text
    from wholesystem.reviews.figure_search import (
        Observation,
        cite,
        find_observations,
        observations_of,
    )
    from wholesystem.reviews.figure_series import PublishedFigures, published_figures
    from wholesystem.reviews.figures import FigureSources, LiveFigure, live_figures
    from wholesystem.reviews.framework import Framework
    from wholesystem.reviews.free_text import NameWarning, find_names
    from wholesystem.reviews.history import Event, make_event, verify_chain
    from wholesystem.reviews.review import Review
    from wholesystem.reviews.rules import ReviewWarning, warnings_of
    from wholesystem.reviews.rules_table import Rules, packaged_rules, read_rules
    from wholesystem.reviews.search import find_questions
    from wholesystem.reviews.triangulation import Contradiction, Grid, grid_table, triangulate

# Each public name with the module it is in: pydantic and readers of documents load on first use.
_HOMES = {
    "Bundle": "bundle",
    "BundleFiles": "bundle",
    "Chain": "chain",
    "Contradiction": "triangulation",
    "DocumentText": "extraction",
    "Event": "history",
    "FigureSources": "figures",
    "Framework": "framework",
    "Grid": "triangulation",
    "LiveFigure": "figures",
    "NameWarning": "free_text",
    "Observation": "figure_search",
    "PublishedFigures": "figure_series",
    "Review": "review",
    "ReviewWarning": "rules",
    "Rules": "rules_table",
    "Span": "anchoring",
    "Upload": "documents",
    "anchor": "anchoring",
    "chain_of": "chain",
    "cite": "figure_search",
    "clean_name": "documents",
    "extract_text": "extraction",
    "find_names": "free_text",
    "find_observations": "figure_search",
    "find_questions": "search",
    "find_spans": "anchoring",
    "grid_table": "triangulation",
    "inspect_upload": "documents",
    "live_figures": "figures",
    "make_event": "history",
    "observations_of": "figure_search",
    "packaged_rules": "rules_table",
    "published_figures": "figure_series",
    "read_bundle": "bundle",
    "read_rules": "rules_table",
    "triangulate": "triangulation",
    "verify_chain": "history",
    "warnings_of": "rules",
    "what_is_about": "chain",
    "what_rests_on": "chain",
    "write_bundle": "bundle",
}

__all__ = [
    "Bundle",
    "BundleFiles",
    "Chain",
    "Contradiction",
    "DocumentText",
    "Event",
    "FigureSources",
    "Framework",
    "Grid",
    "LiveFigure",
    "NameWarning",
    "Observation",
    "PublishedFigures",
    "Review",
    "ReviewWarning",
    "Rules",
    "Span",
    "Upload",
    "anchor",
    "chain_of",
    "cite",
    "clean_name",
    "extract_text",
    "find_names",
    "find_observations",
    "find_questions",
    "find_spans",
    "grid_table",
    "inspect_upload",
    "live_figures",
    "make_event",
    "observations_of",
    "packaged_rules",
    "published_figures",
    "read_bundle",
    "read_rules",
    "triangulate",
    "verify_chain",
    "warnings_of",
    "what_is_about",
    "what_rests_on",
    "write_bundle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
