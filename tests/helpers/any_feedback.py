"""A strategy of the rows that feedback tools add to any review and need no file beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from wholesystem.reviews.feedback.records import OrganisationMerger


@st.composite
def merger_tables(
    draw: st.DrawFn, *, organisations: Sequence[str], people: Sequence[str], at: datetime
) -> dict[str, Any]:
    """One organisation into the next, and that into the one after; never in a ring."""
    count = draw(st.integers(0, len(organisations) - 1))
    notes = st.one_of(st.just(""), st.text("ab é🏥", min_size=1, max_size=8).map(str.strip))
    rows = tuple(
        OrganisationMerger(
            merger=f"M{number}",
            organisation=one,
            into=other,
            note=draw(notes),
            recorded_by=draw(st.sampled_from(people)),
            recorded_at=at,
        )
        for number, (one, other) in enumerate(pairwise(organisations))
        if number < count
    )
    return {"organisation_mergers": rows}
