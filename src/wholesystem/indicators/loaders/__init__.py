"""Reading of published files: each format is recognised, read whole, and accounted for.

A file whose format is not known, or that breaks a rule of its format, is refused with every
fault told; nothing is dropped uncounted. The formats are described in
``docs/reference/published-formats.md``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.formats import Format, formats
    from wholesystem.indicators.loaders.loaded import Loaded, LoadError, Skipped
    from wholesystem.indicators.loaders.reading import load_file, load_files, recognise
    from wholesystem.indicators.loaders.tidy import TidyReport, load_tidy

    FORMATS: tuple[Format, ...]

_HOMES = {
    "Format": "formats",
    "LoadError": "loaded",
    "Loaded": "loaded",
    "Skipped": "loaded",
    "TidyReport": "tidy",
    "formats": "formats",
    "load_file": "reading",
    "load_files": "reading",
    "load_tidy": "tidy",
    "recognise": "reading",
}

__all__ = [
    "FORMATS",
    "Format",
    "LoadError",
    "Loaded",
    "Skipped",
    "TidyReport",
    "formats",
    "load_file",
    "load_files",
    "load_tidy",
    "recognise",
]


def __getattr__(name: str) -> Any:
    if name == "FORMATS":
        return import_module(f"{__name__}.formats").formats()
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
