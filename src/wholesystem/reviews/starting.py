"""A review with nothing in it yet."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from wholesystem.errors import ParameterError
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.records import ReviewInfo
from wholesystem.reviews.review import Review
from wholesystem.tables.cells import LONGEST_TEXT

__all__ = ["start_review"]


def start_review(
    *, title: str, area_code: str, area: str, framework: Framework, opened_on: date
) -> Review:
    """An empty review.

    Parameters
    ----------
    title : str
        What people call it; 1 to 2,000 characters. Its id is made of it.
    area_code, area : str
        Code and name of the area.
    framework : Framework
        Its questions.
    opened_on : date
        Its first day.

    Returns
    -------
    Review
        At the stage of preparing.

    Raises
    ------
    ParameterError
        If the title is blank or too long.
    """
    if not title.strip() or len(title) > LONGEST_TEXT:
        raise ParameterError(
            f"The title must have 1 to {LONGEST_TEXT:,} characters. For example: --title"
            ' "Oxfordshire local system review"'
        )
    info = ReviewInfo(
        review=_make_id(title),
        title=title,
        area_code=area_code,
        area=area,
        framework=framework.info.framework,
        stage="preparing",
        opened_on=opened_on,
    )
    return Review(info, framework)


def _make_id(title: str) -> str:
    """Letters and digits of a title, ``_`` between words."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:60].strip("_") or "review"
