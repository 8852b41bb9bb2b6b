"""Full-text search on PostgreSQL: a table of ``tsvector``, which triggers keep up to date.

A document stands there in parts, since a ``tsvector`` holds at most a megabyte; of its parts the
best is shown.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from wholesystem.web.workspace.search_terms import MARK, Hit, Terms

__all__ = ["count_hits", "find_hits"]

_WHOLE = f"StartSel={MARK[0]}, StopSel={MARK[1]}, HighlightAll=true"
_OPTIONS = (
    f"StartSel={MARK[0]}, StopSel={MARK[1]}, MaxFragments=2, MaxWords=30, MinWords=12,"
    ' FragmentDelimiter=" … "'
)
_FIND = """
WITH asked AS (SELECT {query} AS words), best AS (
  SELECT DISTINCT ON (kind, record_id) kind, record_id, code, title, body,
    ts_rank(vector, asked.words) AS rank
  FROM workspace_search, asked
  WHERE review_id = %s AND vector @@ asked.words {kind}
  ORDER BY kind, record_id, rank DESC, part
), page AS (
  SELECT * FROM best ORDER BY rank DESC, kind, record_id LIMIT %s OFFSET %s
)
SELECT kind, code, ts_headline('english', title, asked.words, %s),
  ts_headline('english', body, asked.words, %s)
FROM page, asked ORDER BY rank DESC, kind, record_id"""
_COUNT = """
WITH asked AS (SELECT {query} AS words)
SELECT kind, count(DISTINCT record_id) FROM workspace_search, asked
WHERE review_id = %s AND vector @@ asked.words GROUP BY kind"""


def _query(terms: Terms) -> tuple[str, list[str]]:
    wanted = " && ".join(["phraseto_tsquery('english', %s)"] * len(terms.wanted))
    unwanted = " && !! phraseto_tsquery('english', %s)" * len(terms.unwanted)
    return f"({wanted}{unwanted})", [*terms.wanted, *terms.unwanted]


def find_hits(review_pk: int, terms: Terms, kind: str, limit: int, offset: int) -> list[Hit]:
    """What is found, the best first.

    Parameters
    ----------
    review_pk : int
        Of the review.
    terms : Terms
        With at least one wanted.
    kind : str
        A table; all if empty.
    limit, offset : int
        Which of them.

    Returns
    -------
    list of Hit
        At most `limit`.
    """
    query, asked = _query(terms)
    values: list[Any] = [
        *asked,
        review_pk,
        *([kind] if kind else []),
        limit,
        offset,
        _WHOLE,
        _OPTIONS,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(query=query, kind="AND kind = %s" if kind else ""), values)
        return [Hit(*row) for row in cursor.fetchall()]


def count_hits(review_pk: int, terms: Terms) -> dict[str, int]:
    """How many are found of each kind.

    Parameters
    ----------
    review_pk : int
        Of the review.
    terms : Terms
        With at least one wanted.

    Returns
    -------
    dict of str to int
        By table; none with 0.
    """
    query, asked = _query(terms)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(query=query), [*asked, review_pk])
        return dict(cursor.fetchall())
