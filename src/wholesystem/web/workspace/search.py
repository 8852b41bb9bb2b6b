"""Full-text search within one review: evidence, sources, documents, findings, improvements.

The database keeps the index and keeps it up to date, by triggers of migration 0004: FTS5 on
SQLite, ``tsvector`` on PostgreSQL. Both find words by their stem; both are asked through here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from wholesystem.web.workspace import models, search_postgresql, search_sqlite
from wholesystem.web.workspace.search_terms import MARK, Hit, Terms, read_terms
from wholesystem.web.workspace.told_events import record_page

__all__ = [
    "KINDS",
    "Found",
    "SearchResult",
    "find_code",
    "find_codes",
    "mark_words",
    "search_review",
]

KINDS = {
    "evidence": "Evidence",
    "sources": "Sources",
    "documents": "Documents",
    "findings": "Findings",
    "areas_for_improvement": "Areas for improvement",
}
_ONE = {
    "evidence": "Evidence",
    "sources": "Source",
    "documents": "Document",
    "findings": "Finding",
    "areas_for_improvement": "Area for improvement",
}
_MODELS: Mapping[str, Any] = {
    "evidence": models.Evidence,
    "sources": models.Source,
    "findings": models.Finding,
    "areas_for_improvement": models.AreaForImprovement,
}
_CODE = re.compile(r"\s*([EFSA])\s?0*([0-9]{1,9})\s*", re.IGNORECASE | re.ASCII)
# One that somebody gave, such as `finding_10`: a word alone is searched for, not taken for an id.
_OTHER_CODE = re.compile(r"(?=[^\W_]*[_0-9])\w{2,60}", re.ASCII)
_TABLES = {"E": "evidence", "F": "findings", "S": "sources", "A": "areas_for_improvement"}
_MARKED = re.compile(f"{MARK[0]}([^{MARK[0]}{MARK[1]}]*){MARK[1]}")


@dataclass(frozen=True)
class SearchResult:
    """One thing that a search found.

    Parameters
    ----------
    kind : str
        Table that it is of, one of `KINDS`.
    code : str
        Its id within the review.
    title : SafeString
        What to call it, as `snippet` is.
    snippet : SafeString
        Where the words stand, escaped, the words in ``<mark>``.
    href : str
        Its page.
    """

    kind: str
    code: str
    title: SafeString
    snippet: SafeString
    href: str


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    terms : Terms
        What was looked for.
    counts : dict of str to int
        How many of each kind, also those that were not asked for; no kind with none.
    results : list of SearchResult
        Those of the page, the best first.
    """

    terms: Terms
    counts: dict[str, int]
    results: list[SearchResult]


def _backend() -> tuple[Callable[..., list[Hit]], Callable[..., dict[str, int]]]:
    if connection.vendor == "postgresql":
        return search_postgresql.find_hits, search_postgresql.count_hits
    return search_sqlite.find_hits, search_sqlite.count_hits


def search_review(
    review: models.Review, words: str, *, kind: str = "", limit: int = 50, offset: int = 0
) -> Found:
    """Search a review.

    Parameters
    ----------
    review : models.Review
        Only what is its own is found.
    words : str
        As typed: words that must all be there, ``"a phrase"``, ``-word`` for what must not.
    kind : str
        One of `KINDS`; all if empty.
    limit, offset : int
        Which results, counted from the best.

    Returns
    -------
    Found
        Nothing where no word can be searched for.
    """
    terms = read_terms(words)
    if not terms.wanted:
        return Found(terms, {}, [])
    find, count = _backend()
    counts = count(review.pk, terms)
    hits = find(review.pk, terms, kind, limit, offset)
    return Found(terms, counts, [_result(review, hit) for hit in hits])


def find_codes(review: models.Review, words: str, kind: str, limit: int) -> list[str]:
    """Ids of what a search finds of one kind; a typed id finds itself.

    Parameters
    ----------
    review : models.Review
        The review.
    words : str
        As for `search_review`.
    kind : str
        One of `KINDS`.
    limit : int
        At most so many.

    Returns
    -------
    list of str
        The best first.
    """
    itself = find_code(review, words)
    if itself is not None and itself.kind == kind:
        return [itself.code]
    terms = read_terms(words)
    find, _ = _backend()
    hits: Iterable[Hit] = find(review.pk, terms, kind, limit, 0) if terms.wanted else ()
    return [one.code for one in hits]


def find_code(review: models.Review, words: str) -> SearchResult | None:
    """The record whose id somebody typed: ``E0012``, ``e12``, ``F03``, ``finding_10``.

    Parameters
    ----------
    review : models.Review
        The review.
    words : str
        As typed.

    Returns
    -------
    SearchResult or None
        None where it is no id, or none of this review.
    """
    match = _CODE.fullmatch(words)
    if match is not None:
        kinds = [_TABLES[match[1].upper()]]
        asked = {"code__regex": f"^{match[1].upper()}0*{int(match[2])}$"}
    elif _OTHER_CODE.fullmatch(words.strip()):
        kinds, asked = list(_MODELS), {"code__iexact": words.strip()}
    else:
        return None
    for kind in kinds:
        found = _MODELS[kind].objects.filter(review=review, **asked)
        code = found.values_list("code", flat=True).first()
        if code is not None:
            return _result(review, Hit(kind, code, "", ""))
    return None


def _result(review: models.Review, hit: Hit) -> SearchResult:
    noun = _ONE[hit.kind]
    named = hit.code if hit.code.lower().startswith(noun.lower()) else f"{noun} {hit.code}"
    # A document's id is its digest, which tells nobody anything.
    title = f"{noun if hit.kind == 'documents' else named}: {hit.title}" if hit.title else named
    href = record_page(review, hit.kind, hit.code)
    between = " " if hit.kind == "documents" else " · "
    snippet = between.join(line for line in hit.snippet.split("\n") if line.strip())
    return SearchResult(hit.kind, hit.code, mark_words(title), mark_words(snippet), href)


def mark_words(snippet: str) -> SafeString:
    """A snippet as markup: all of it escaped, the words found in ``<mark>``.

    Parameters
    ----------
    snippet : str
        With the words between the two characters of `MARK`.

    Returns
    -------
    SafeString
        Safe whatever the text holds, those two characters included.
    """
    marked = _MARKED.sub(r"<mark>\1</mark>", str(escape(snippet)))
    return mark_safe(marked.replace(MARK[0], "").replace(MARK[1], ""))
