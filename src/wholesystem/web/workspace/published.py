"""The published statistics that figures are cited from: the workspace's store, or the extract.

A store is opened once for each state of it, since opening checks every part of it.
"""

from __future__ import annotations

import atexit
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from wholesystem.errors import UserError
from wholesystem.reviews.figures import FigureSources
from wholesystem.web.workspace import models

if TYPE_CHECKING:
    from wholesystem.indicators.store import Store
    from wholesystem.reviews.figure_series import PublishedFigures

__all__ = ["figure_sources", "is_extract", "open_published"]

_LOCK = threading.Lock()
_opened: dict[tuple[str, int, int], Store] = {}
_kept = ExitStack()
atexit.register(_kept.close)


def is_extract() -> bool:
    """Whether figures come from the extract of the program, since the workspace has no store.

    Returns
    -------
    bool
        True until whoever runs the workspace loads indicators.
    """
    return not _manifest().is_file()


def _manifest() -> Path:
    from wholesystem.indicators.store_files import MANIFEST

    return Path(settings.INDICATORS_FOLDER) / MANIFEST


def open_published() -> PublishedFigures:
    """Published figures, kept in memory once they were asked for.

    Returns
    -------
    PublishedFigures
        Of the workspace's store, as it is now; of the packaged extract if there is none.

    Raises
    ------
    UserError
        If the store has been damaged.
    """
    from wholesystem.reviews.figure_series import published_figures

    return published_figures(_open())


def _open() -> Store:
    manifest = _manifest()
    try:
        state = manifest.stat()
        key = (str(manifest), state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        key = ("", 0, 0)
    with _LOCK:
        if key not in _opened:
            found = _open_store(manifest.parent) if key[0] else _open_extract()
            _opened.clear()
            _opened[key] = found
        return _opened[key]


def _open_store(folder: Path) -> Store:
    from wholesystem.indicators.store import Store

    return Store.open(folder)


def _open_extract() -> Store:
    from wholesystem.examples.extract import open_extract

    # Its folder is there until the process ends.
    return _kept.enter_context(open_extract()).store


def figure_sources(review: models.Review) -> FigureSources:
    """Where the figures that a review cites are looked up.

    Parameters
    ----------
    review : models.Review
        Whose measures of stays are asked too.

    Returns
    -------
    FigureSources
        Without published figures where the store has been damaged: a page must show the rest.
    """
    measures = dict(models.Measures.objects.filter(review=review).values_list("name", "tables"))
    try:
        return FigureSources(open_published(), measures)
    except UserError:
        return FigureSources(None, measures)
