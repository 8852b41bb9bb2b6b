"""The packaged follow-up of Oxfordshire: what was said in November 2018, and the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from wholesystem.errors import OurFault, TableError
from wholesystem.examples.extract import extract_comparators
from wholesystem.examples.review import read_example_review
from wholesystem.reviews.figure_series import published_figures
from wholesystem.reviews.follow_up import FollowUp, FollowUpFigures, read_follow_up
from wholesystem.reviews.plan import read_plan
from wholesystem.reviews.plan.plan_files import read_folder_tables
from wholesystem.reviews.records import Evidence, Source

if TYPE_CHECKING:
    from wholesystem.indicators.store import Store

__all__ = ["RETURN_VISIT", "example_follow_up_figures", "read_example_follow_up"]

FOLDER = "oxfordshire_2017/follow_up"
#: The last day of the month of the return visit.
RETURN_VISIT = date(2018, 11, 30)


def read_example_follow_up() -> FollowUp:
    """The packaged plan and what was said of it, on the packaged review.

    Returns
    -------
    FollowUp
        Its review has the source and the evidence of the return visit beside its own.

    Raises
    ------
    OurFault
        If the packaged tables have faults.
    """
    folder = Path(str(files("wholesystem.examples").joinpath(FOLDER)))
    try:
        read = read_folder_tables(folder, {"sources": Source, "evidence": Evidence})
        if read.faults:
            raise TableError(read.faults)
        before = read_example_review().review
        review = replace(
            before,
            sources=(*before.sources, *read.rows["sources"]),
            evidence=(*before.evidence, *read.rows["evidence"]),
        )
        return read_follow_up(folder, read_plan(folder, review))
    except TableError as error:
        raise OurFault(f"The packaged follow-up has faults. {error}") from None


def example_follow_up_figures(store: Store) -> FollowUpFigures:
    """Where the packaged follow-up looks its figures up.

    Parameters
    ----------
    store : Store
        Of the packaged extract, from `open_extract`; or one with more in it.

    Returns
    -------
    FollowUpFigures
        With the lists of areas whose figures the extract has; the statistical neighbours, found
        among all councils, decide.
    """
    return FollowUpFigures(published_figures(store), lists=extract_comparators())
