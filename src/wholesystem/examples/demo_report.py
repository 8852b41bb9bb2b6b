"""The reports of the packaged review as the demo writes them: of its findings, and of progress."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from wholesystem.examples.extract import open_extract
from wholesystem.examples.follow_up import (
    RETURN_VISIT,
    example_follow_up_figures,
    read_example_follow_up,
)
from wholesystem.examples.market import read_example_market
from wholesystem.examples.review import read_example_review
from wholesystem.indicators.profile import AreaProfile
from wholesystem.reports.documents import write_document
from wholesystem.reports.market_blocks import market_blocks
from wholesystem.reports.progress_report import make_progress_report
from wholesystem.reports.review_report import ReportInputs, make_review_report
from wholesystem.reports.review_report.making import prose_of
from wholesystem.reviews.figures import FigureSources, live_figures
from wholesystem.reviews.follow_up import follow_up
from wholesystem.reviews.market import market_result

__all__ = ["PUBLISHED", "write_demo_reports"]

#: The day on which the commission's own report appeared.
PUBLISHED = date(2018, 2, 12)


def write_demo_reports(folder: Path, profile: AreaProfile) -> None:
    """Write the reports of the packaged review, each as a page, a PDF and a Word file.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.
    profile : AreaProfile
        Of the area, at the time of the review.
    """
    review = read_example_review().review
    with open_extract() as loading:
        live = live_figures(review, FigureSources.of_store(loading.store))
        followed = follow_up(
            read_example_follow_up(), example_follow_up_figures(loading.store), RETURN_VISIT
        )
    paragraphs, _ = prose_of(review)
    more = market_blocks(market_result(read_example_market()))
    inputs = ReportInputs(review, paragraphs, live, profile, more)
    write_document(make_review_report(inputs, day=PUBLISHED), folder, name="review-report")
    write_document(make_progress_report(followed, day=RETURN_VISIT), folder, name="progress-report")
