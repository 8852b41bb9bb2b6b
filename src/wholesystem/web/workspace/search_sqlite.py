"""Full-text search on SQLite: an FTS5 table, which triggers keep up to date."""

from __future__ import annotations

from typing import Any

from django.db import connection

from wholesystem.web.workspace.search_terms import MARK, Hit, Terms

__all__ = ["count_hits", "find_hits"]

# A title's word weighs four times one of the text; the first five columns are no text.
_RANK = "bm25(workspace_search, 0, 0, 0, 4, 1)"
_FIND = f"""
SELECT kind, code, highlight(workspace_search, 3, %s, %s),
  snippet(workspace_search, 4, %s, %s, ' … ', 40)
FROM workspace_search
WHERE workspace_search MATCH %s {{kind}}
ORDER BY {_RANK}, rowid LIMIT %s OFFSET %s"""
_COUNT = """
SELECT kind, count(*) FROM workspace_search WHERE workspace_search MATCH %s GROUP BY kind"""

# PostgreSQL passes over these words of its dictionary `english`; here it is done by hand.
_STOP = frozenset(
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she"
    " her hers herself it its itself they them their theirs themselves what which who whom this"
    " that these those am is are was were be been being have has had having do does did doing a an"
    " the and but if or because as until while of at by for with about against between into through"
    " during before after above below to from up down in out on off over under again further then"
    " once here there when where why how all any both each few more most other some such no nor not"
    " only own same so than too very s t can will just don should now".split()
)


def _match(review_pk: int, terms: Terms) -> str:
    """The terms in the language of FTS5: each is a string, so that nothing in it is an operator."""
    telling = [one for one in terms.wanted if one.lower() not in _STOP]
    wanted = " AND ".join(_string(one) for one in telling or terms.wanted)
    unwanted = "".join(f" NOT {{title body}} : {_string(one)}" for one in terms.unwanted)
    # The review is a word of the index itself, so that others' texts are not even looked at.
    return f'(review : "r{review_pk}" AND {{title body}} : ({wanted})){unwanted}'


def _string(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


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
    values: list[Any] = [*MARK, *MARK, _match(review_pk, terms)]
    values += [*([kind] if kind else []), limit, offset]
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(kind="AND kind = %s" if kind else ""), values)
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
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_match(review_pk, terms)])
        return dict(cursor.fetchall())
