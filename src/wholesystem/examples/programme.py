"""The packaged programme: two reviews, a follow-up, and the figures of twenty areas."""

from __future__ import annotations

from datetime import date

from wholesystem.examples.extract import open_programme_extract
from wholesystem.examples.follow_up import (
    RETURN_VISIT,
    example_follow_up_figures,
    read_example_follow_up,
)
from wholesystem.examples.review import EXAMPLE_REVIEWS, read_example_review
from wholesystem.indicators.profile import ProfileOptions
from wholesystem.reviews.follow_up import follow_up
from wholesystem.reviews.programme import (
    ProgrammeFigures,
    ProgrammeSummary,
    read_programme,
    summarise,
    verdicts_of,
)

__all__ = ["PROGRAMME", "PROGRAMME_INDICATORS", "example_programme"]

#: Id of the packaged programme.
PROGRAMME = "local_system_reviews_2017"
#: Those of which the extract has figures of every area.
PROGRAMME_INDICATORS = (
    "dtoc_rate",
    "dtoc_rate_nhs",
    "dtoc_rate_social_care",
    "dtoc_rate_both",
    "share_65_plus",
)


def example_programme(until: date = RETURN_VISIT) -> ProgrammeSummary:
    """The packaged programme in one result.

    Parameters
    ----------
    until : date
        No figure of a period that ends later counts: the return visit to Oxfordshire by default.

    Returns
    -------
    ProgrammeSummary
        Of twenty areas, two of which have a review.
    """
    with open_programme_extract() as loading:
        followed = follow_up(
            read_example_follow_up(), example_follow_up_figures(loading.store), until
        )
        return summarise(
            read_programme(PROGRAMME),
            on=until,
            reviews=[read_example_review(name).review for name in EXAMPLE_REVIEWS],
            figures=ProgrammeFigures(
                loading.store, PROGRAMME_INDICATORS, ProfileOptions(until=until)
            ),
            verdicts=verdicts_of(followed),
        )
