"""With what new evidence begins: the last source, a passage that was marked, or a figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from wholesystem.web.workspace import models
from wholesystem.web.workspace.forms.evidence import read_figure
from wholesystem.web.workspace.views.pages import Here

__all__ = ["Start", "find_start"]


@dataclass(frozen=True)
class Start:
    """With what new evidence begins.

    Parameters
    ----------
    initial : dict of str to object
        Of the form's fields.
    quoted : str
        The passage of a document, letter by letter.
    document : models.Document or None
        That document.
    figure : mapping or None
        The figure to be cited.
    saved : models.Evidence or None
        What was saved a moment ago.
    """

    initial: dict[str, Any]
    quoted: str = ""
    document: models.Document | None = None
    figure: Mapping[str, Any] | None = None
    saved: models.Evidence | None = None


def find_start(here: Here, asked: QueryDict) -> Start:
    """With what new evidence begins, as the address asks; what means nothing is passed over.

    Parameters
    ----------
    here : Here
        The review and the person's part.
    asked : QueryDict
        ``source``; ``after``, evidence whose source, place and date are kept; ``kloe``;
        ``document``, ``start`` and ``end`` of a passage; ``figure``, signed.

    Returns
    -------
    Start
        From the most recent source, if the address names none.
    """
    saved = _one(here.review.evidence_set.select_related("source"), asked.get("after"))
    initial: dict[str, Any] = {
        "form": "paraphrase",
        "kloe": [one for one in asked.getlist("kloe") if one in here.framework.question_by_id],
    }
    if saved is not None:
        initial |= {"source": saved.source.code, "place": saved.place, "date": saved.date}
        initial["form"] = saved.form if saved.form != "figure" else "paraphrase"
    document = _one(here.review.document_set, asked.get("document"))
    quoted = _passage(document, asked, initial) if document else ""
    figure = read_figure(asked.get("figure", ""))
    if figure is not None:
        initial |= {"figure": asked["figure"], "form": "figure", "text": figure["text"]}
    if asked.get("source"):
        initial["source"] = asked["source"]
    initial.setdefault("source", _recent_source(here))
    return Start(initial, quoted, document if quoted else None, figure, saved)


def _one(found: Any, code: str | None) -> Any:
    return found.filter(code=code.replace("\x00", " ")).first() if code else None


def _passage(document: models.Document, asked: QueryDict, initial: dict[str, Any]) -> str:
    try:
        start, end = int(asked.get("start", "")), int(asked.get("end", ""))
    except ValueError:
        return ""
    if not 0 <= start < end <= len(document.text):
        return ""
    quoted = document.text[start:end]
    initial |= {
        "document": document.code,
        "start": start,
        "end": end,
        "form": "quote",
        "text": " ".join(quoted.split()),
    }
    source = document.sources.filter(withdrawn="").order_by("-pk").first()
    if source is not None:
        initial["source"] = source.code
    return quoted


def _recent_source(here: Here) -> str:
    """The source that the person used last, or added since."""
    evidence = here.review.evidence_set.filter(recorded_by=here.member, source__withdrawn="")
    used = evidence.select_related("source").order_by("-pk").first()
    added = here.review.source_set.filter(withdrawn="").order_by("-pk")
    own = added.filter(recorded_by=here.member).first()
    if used is not None and (own is None or own.recorded_at <= used.recorded_at):
        return used.source.code
    newest = own or added.first()
    return newest.code if newest is not None else ""
