"""Everything that a report is made from, out of a bundle and published figures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wholesystem.reports.review_report.assembling import ReportInputs
from wholesystem.reviews.bundle import Bundle
from wholesystem.reviews.figures import FigureSources, live_figures
from wholesystem.reviews.report.drafting import draft_paragraphs
from wholesystem.reviews.report.records import ReportParagraph
from wholesystem.reviews.review import Review

if TYPE_CHECKING:
    from wholesystem.indicators.profile import AreaProfile, ProfileOptions
    from wholesystem.reports.profile_run import Loading

__all__ = ["prose_of", "report_inputs"]


def prose_of(review: Review) -> tuple[tuple[ReportParagraph, ...], bool]:
    """The prose of a review's report, drafted where nobody has written any.

    Parameters
    ----------
    review : Review
        Whose report it is.

    Returns
    -------
    paragraphs : tuple of ReportParagraph
        As written; else a draft from the confirmed findings.
    drafted : bool
        Whether it is such a draft.
    """
    if review.report_paragraphs:
        return review.report_paragraphs, False
    by = next((one.person for one in review.people if one.role == "lead"), "program")
    at = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    return draft_paragraphs(review, (), by, at), True


def report_inputs(
    bundle: Bundle, loading: Loading | None = None, options: ProfileOptions | None = None
) -> tuple[ReportInputs, bool]:
    """What the report of a bundle is made from.

    Parameters
    ----------
    bundle : Bundle
        The review, with its measures of stays.
    loading : Loading, optional
        Published figures: cited figures are held against them, and the area's data profile is made
        from them.
    options : ProfileOptions, optional
        Of the profile.

    Returns
    -------
    inputs : ReportInputs
        Of the report; without a profile where there are no figures of the area.
    drafted : bool
        Whether its prose is a draft from the confirmed findings, since nobody has written any.
    """
    review = bundle.review
    paragraphs, drafted = prose_of(review)
    measures = bundle.files.measures
    if loading is None:
        live = live_figures(review, FigureSources(measures=measures))
        return ReportInputs(review, paragraphs, live), drafted
    live = live_figures(review, FigureSources.of_store(loading.store, measures))
    profile = _profile(loading, review, options)
    return ReportInputs(review, paragraphs, live, profile), drafted


def _profile(
    loading: Loading, review: Review, options: ProfileOptions | None
) -> AreaProfile | None:
    from wholesystem.errors import ParameterError
    from wholesystem.indicators import find_area
    from wholesystem.indicators.profile import ProfileData, ProfileOptions, make_profile

    try:
        area = find_area(review.info.area_code)
        return make_profile(ProfileData(loading.store, options or ProfileOptions()), area)
    except ParameterError:  # an area of the user's own, or one without a figure
        return None
