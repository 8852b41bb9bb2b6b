"""Two reviews to be searched, and queries, so that both databases can be asked the same."""

from __future__ import annotations

from tests.helpers.workspace import lead_of, make_evidence, make_finding, make_review, make_source
from wholesystem.web.workspace import models
from wholesystem.web.workspace.search import search_review

QUERIES = [
    "wait",
    "waiting people",
    "the wait of the people",
    '"package of care"',
    '"care package"',
    "care -hospital",
    'care -"care home"',
    "health/care",
    "2015/16",
    "31.2%",
    "strategy",
    "strategy.pdf",
    "hand-over",
    "ambulance's",
    "CARE",
    "café",
    "a OR b",
    "NEAR(care home)",
    "title:care",
    "care*",
    "'; DROP TABLE workspace_review; --",
    '" OR 1=1',
    "%_",
    "elephant",
    "secret",
]
TEXTS = [
    "People waited for a package of care at home.",
    "Health/care services shared 31.2% of costs in 2015/16, said the hospital.",
    "The ambulance's hand-over waits are long; a care home said so.",
    "Care packages from the care home, and a café <script>alert(1)</script>.",
]


def make_reviews() -> None:
    """A review with some texts, and another with the same and a secret."""
    for code in ("searched", "other"):
        review = make_review(review=code)
        source = make_source(review, title="Strategy for care", note="Kept as strategy.pdf.")
        for text in TEXTS:
            make_evidence(review, source, text=text)
        make_finding(review, statement="People wait for care.")
        models.Document.objects.create(
            review=review,
            code="a" * 64,
            name="strategy.pdf",
            media_type="application/pdf",
            size_bytes=1,
            text="Nobody waits.\nA package of care comes at once.",
            recorded_by=lead_of(review),
            recorded_at=review.created_at,
        )
        if code == "other":
            make_evidence(review, source, text="A secret about care.")


def search_all() -> dict[str, list[str]]:
    """What each query finds in the first review: kinds and ids in order of their names."""
    review = models.Review.objects.get(code="searched")
    return {
        query: sorted(f"{one.kind} {one.code}" for one in search_review(review, query).results)
        for query in QUERIES
    }
