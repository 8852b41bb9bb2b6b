"""What is done with feedback tools. Each goes into the review's history; no link and no word does.

The store of answers is a database of its own, so no transaction holds both. What is done there
comes last within the transaction here: if it fails, nothing is changed here; if the transaction
fails after it, what stands there names nobody and is used by nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from wholesystem.reviews.feedback.instrument import Instrument
from wholesystem.web.feedback import store
from wholesystem.web.feedback.instruments import instrument_of, stored_tables
from wholesystem.web.feedback.models import InvitedNames, Merger, Tool
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import find_record, lock_review, save_record
from wholesystem.web.workspace.actions.sources import save_source
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can
from wholesystem.web.workspace.policies import check_is_open

__all__ = [
    "change_tool",
    "close_tool",
    "make_source",
    "make_tool",
    "merge_organisation",
    "open_tool",
]

TABLE = "feedback_tools"


@transaction.atomic
def make_tool(
    *,
    review: models.Review,
    by: models.Member,
    values: Mapping[str, Any],
    instrument: Instrument,
) -> Tool:
    """Make a tool, a draft at first.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    values : mapping of str to object
        Columns of ``feedback_tools.csv``: title, contact, note.
    instrument : Instrument
        What it asks; a copy is kept with the tool and never changed.

    Returns
    -------
    Tool
        The tool.

    Raises
    ------
    PermissionDenied, RecordFaults
        See `save_record`.
    """
    check_can(by, "run_feedback")
    tool: Tool = save_record(
        review=review,
        by=by,
        table=TABLE,
        values={**values, "instrument": instrument.info.instrument, "state": "draft"},
    )
    tool.tables = stored_tables(instrument)
    tool.save(update_fields=["tables"])
    return tool


def change_tool(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    values: Mapping[str, Any],
    version: int | None,
) -> Tool:
    """Change what a draft is called, and what is told of it.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the tool.
    values : mapping of str to object
        Columns of ``feedback_tools.csv``: title, contact, note.
    version : int or None
        The version that the person saw.

    Returns
    -------
    Tool
        The tool.

    Raises
    ------
    PolicyError
        If it is no draft: respondents have been told already.
    """
    check_can(by, "run_feedback")
    changed: Tool = save_record(
        review=review,
        by=by,
        table=TABLE,
        values=values,
        code=code,
        version=version,
        check=_check_is_draft,
    )
    return changed


@transaction.atomic
def open_tool(
    *,
    review: models.Review,
    by: models.Member,
    code: str,
    last_day: date,
    version: int | None,
) -> Tool:
    """Open a tool, so that links can be made and answers are taken.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the tool.
    last_day : date
        On which answers are taken.
    version : int or None
        The version that the person saw.

    Returns
    -------
    Tool
        The tool.

    Raises
    ------
    PolicyError
        If it is no draft, or asks for organisations and the review has none.
    """
    check_can(by, "run_feedback")
    review = lock_review(review)
    draft: Tool = find_record(review, TABLE, code)
    asks = instrument_of(draft).info.asks_organisation == "yes"
    if asks and not review.organisation_set.exists():
        raise PolicyError(
            "The tool asks for the organisation, and the review has none yet. Add the organisations"
            " first."
        )
    tool: Tool = save_record(
        review=review,
        by=by,
        table=TABLE,
        values={"state": "open", "opened_on": timezone.localdate(), "last_day": last_day},
        code=code,
        version=version,
        action="opened",
        check=_check_is_draft,
    )
    store.open_tool(tool)
    return tool


@transaction.atomic
def close_tool(*, review: models.Review, by: models.Member, code: str) -> Tool:
    """Close a tool for good; names of those invited are deleted.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the tool.

    Returns
    -------
    Tool
        The tool.

    Raises
    ------
    PolicyError
        If it is not open, or its answers are taken elsewhere.
    """
    check_can(by, "run_feedback")
    review = lock_review(review)
    open_one: Tool = find_record(review, TABLE, code)
    if not store.is_here(open_one):
        raise PolicyError(f"{code} was opened elsewhere: it is closed where its links work.")
    tool: Tool = save_record(
        review=review,
        by=by,
        table=TABLE,
        values={"state": "closed", "closed_on": timezone.localdate()},
        code=code,
        action="closed",
        check=_check_is_open,
    )
    InvitedNames.objects.filter(invited__tool=tool).delete()
    store.close_tool(tool)
    return tool


@transaction.atomic
def make_source(*, review: models.Review, by: models.Member, code: str) -> models.Source:
    """The source under which evidence from a tool's results is recorded; made the first time.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the tool.

    Returns
    -------
    models.Source
        Of the kind feedback tool.

    Raises
    ------
    PermissionDenied, PolicyError, Http404
        If the person may not add evidence, the tool is not closed, its source was withdrawn, the
        review is published, or there is no such tool.
    """
    check_can(by, "add_evidence")
    review = lock_review(review)
    check_is_open(review, "evidence")
    tool: Tool = find_record(review, TABLE, code)
    if tool.state != "closed":
        raise PolicyError("Evidence is recorded from a tool once it is closed.")
    if tool.source is not None:
        if tool.source.withdrawn:
            raise PolicyError(
                f"Its source {tool.source.code} was withdrawn, so nothing new can be recorded"
                " under it."
            )
        return tool.source
    told = {
        "kind": "feedback_tool",
        "title": tool.title,
        "date": tool.closed_on,
        "note": f"Results of the feedback tool {tool.code}.",
    }
    source = save_source(review=review, by=by, values=told)
    save_record(review=review, by=by, table=TABLE, values={"source": source.code}, code=code)
    return source


def _check_is_open(tool: Tool) -> None:
    if tool.state != "open":
        raise PolicyError(f"{tool.code} is {tool.state}, not open.")


def _check_is_draft(tool: Tool) -> None:
    if tool.state != "draft":
        raise PolicyError(
            f"{tool.code} is {tool.state}. Its title and contact were told to respondents, so they"
            " stand still."
        )


@transaction.atomic
def merge_organisation(
    *, review: models.Review, by: models.Member, code: str, into: str, note: str
) -> Merger:
    """Tell that an organisation went into another: answers count for that from then on.

    Parameters
    ----------
    review : models.Review
        Whose they are.
    by : models.Member
        Who does it.
    code, into : str
        Ids of the organisation that is gone and of the one that is left.
    note : str
        Of what happened.

    Returns
    -------
    Merger
        The record. Nothing that was recorded of the organisation is changed.

    Raises
    ------
    PolicyError
        If it went into another already, or the two would go into each other.
    """
    check_can(by, "add_organisations")
    review = lock_review(review)
    find_record(review, "organisations", code)
    there = Merger.objects.filter(review=review)
    gone = dict(there.values_list("organisation__code", "into__code"))
    if code in gone:
        raise PolicyError(f"{code} went into {gone[code]} already.")
    left = into
    while left in gone:
        left = gone[left]
    if left == code:
        raise RecordFaults({"into": ["It went into this one. Choose another."]})
    merger: Merger = save_record(
        review=review,
        by=by,
        table="organisation_mergers",
        values={"organisation": code, "into": into, "note": note},
    )
    return merger
