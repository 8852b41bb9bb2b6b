"""What a review holds, counted, in lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from wholesystem.reviews.review import TABLES, Review
from wholesystem.reviews.words import SOURCE_KINDS, word_labels

__all__ = ["count_lines", "question_lines"]

LONGEST_NAME = 44


def count_lines(review: Review) -> list[str]:
    """How many rows each table has, and how long the history is.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    list of str
        One line each.
    """
    tables = review.tables()
    lines = [f"{name.replace('_', ' ')}: {len(tables[name])}" for name in TABLES]
    return [*lines, f"events of history: {len(review.history)}"]


def question_lines(review: Review) -> list[str]:
    """Current evidence by question and kind of source, and findings by question.

    Parameters
    ----------
    review : Review
        The review.

    Returns
    -------
    list of str
        A table: a line for each question of the framework, in its order, and one for evidence that
        nobody has coded.
    """
    kinds = [kind for kind in SOURCE_KINDS if any(one.kind == kind for one in review.sources)]
    labels = [word_labels("source_kinds")[kind][0] for kind in kinds]
    widths = [max(5, len(label)) for label in labels]
    head = ["findings", *labels]
    rows = [(name, counts) for name, counts in _rows(review, kinds)]
    wide = max((len(name) for name, _ in rows), default=8)
    lines = ["  ".join([" " * wide, *head])]
    for name, counts in rows:
        numbers = [
            str(count).rjust(width)
            for count, width in zip(counts, [len("findings"), *widths], strict=True)
        ]
        lines.append("  ".join([name.ljust(wide), *numbers]))
    return lines


def _rows(review: Review, kinds: list[str]) -> Iterator[tuple[str, list[int]]]:
    evidence: Counter[tuple[str, str]] = Counter()
    for one in review.evidence:
        if review.is_current(one):
            kind = review.source_by_id[one.source].kind
            evidence.update((kloe, kind) for kloe in one.kloe or ("",))
    findings = Counter(one.kloe for one in review.findings if one.status != "withdrawn")
    for question in sorted(review.framework.questions, key=lambda one: one.order):
        name = f"{review.framework.area_by_id[question.area].name}: {question.name}"
        counts = [evidence[question.kloe, kind] for kind in kinds]
        yield _shorten(name), [findings[question.kloe], *counts]
    uncoded = [evidence["", kind] for kind in kinds]
    if any(uncoded):
        yield "(not coded)", [0, *uncoded]


def _shorten(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 3]}..."
