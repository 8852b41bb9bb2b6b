"""Feedback tools on their way into a bundle and out of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wholesystem.reviews.bundle_feedback import read_tool
from wholesystem.reviews.bundle_files import BundleFiles
from wholesystem.reviews.contents import Content
from wholesystem.reviews.feedback.kept import KeptTool, write_kept
from wholesystem.web.feedback import store
from wholesystem.web.feedback.instruments import instrument_of, stored_tables
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace import models

__all__ = ["files_of_tools", "kept_tools"]


def files_of_tools(review: models.Review, *, with_answers: bool) -> dict[str, dict[str, Content]]:
    """What a bundle holds of a review's tools.

    Parameters
    ----------
    review : models.Review
        From the database.
    with_answers : bool
        Whether it holds the answers of closed tools: each row tells what one person said.

    Returns
    -------
    dict of str to dict of str to Content
        Files by tool and name. Comments that are held, or were withheld, are in none.
    """
    found: dict[str, dict[str, Content]] = {}
    for tool in Tool.objects.filter(review=review).defer("tables").order_by("pk"):
        answered = with_answers and tool.state == "closed" and store.is_here(tool)
        kept = KeptTool(instrument_of(tool), store.sheets(tool) if answered else None)
        found[tool.code] = dict(write_kept(kept))
    return found


@contextmanager
def kept_tools(review: models.Review, files: BundleFiles) -> Iterator[None]:
    """Keep what a bundle holds of its tools; what was kept goes again if the block fails.

    Parameters
    ----------
    review : models.Review
        Whose rows are in the database already.
    files : BundleFiles
        Of the bundle, checked when it was read.

    Yields
    ------
    None
        Once it is kept.
    """
    added: list[Tool] = []
    try:
        for tool in Tool.objects.filter(review=review).order_by("pk"):
            kept = read_tool(files.feedback[tool.code], tool.code)
            tool.tables = stored_tables(kept.instrument)
            tool.save(update_fields=["tables"])
            if kept.sheets is not None:
                added.append(tool)
                store.import_closed(tool, kept.instrument, kept.sheets)
        yield
    except BaseException:
        # Another database: the transaction that fails does not take it back.
        for tool in added:
            store.delete_tool(tool)
        raise
