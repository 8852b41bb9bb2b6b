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
    from wholesystem.reviews.documents import Upload, clean_name, inspect_upload
    from wholesystem.reviews.extraction import DocumentText, extract_text
    from wholesystem.reviews.framework import Framework
    from wholesystem.reviews.history import Event, make_event, verify_chain
    from wholesystem.reviews.review import Review

# Each public name with the module it is in: pydantic and readers of documents load on first use.
_HOMES = {
    "Bundle": "bundle",
    "BundleFiles": "bundle",
    "DocumentText": "extraction",
    "Event": "history",
    "Framework": "framework",
    "Review": "review",
    "Span": "anchoring",
    "Upload": "documents",
    "anchor": "anchoring",
    "clean_name": "documents",
    "extract_text": "extraction",
    "find_spans": "anchoring",
    "inspect_upload": "documents",
    "make_event": "history",
    "read_bundle": "bundle",
    "verify_chain": "history",
    "write_bundle": "bundle",
}

__all__ = [
    "Bundle",
    "BundleFiles",
    "DocumentText",
    "Event",
    "Framework",
    "Review",
    "Span",
    "Upload",
    "anchor",
    "clean_name",
    "extract_text",
    "find_spans",
    "inspect_upload",
    "make_event",
    "read_bundle",
    "verify_chain",
    "write_bundle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
