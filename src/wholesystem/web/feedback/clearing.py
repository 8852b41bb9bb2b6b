"""Comments that may name somebody: read by one person, then cleared or withheld.

They are read once the tool is closed: comments seen on two days would tell who wrote between.
"""

from __future__ import annotations

from django.db import transaction
from django.http import Http404

from wholesystem.reviews.free_text import find_names
from wholesystem.web.feedback import store
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import append_event, find_record, lock_review
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = ["BLANKED", "blank_names", "clear_comment", "find_held", "list_held", "withhold_comment"]

#: What stands in place of what was taken out.
BLANKED = "[taken out]"


def blank_names(text: str) -> str:
    """A comment with what may name somebody taken out, for a person to look at.

    Parameters
    ----------
    text : str
        As it was written.

    Returns
    -------
    str
        With ``[taken out]`` in place of each.
    """
    kept, at = "", 0
    for one in find_names(text):
        kept += text[at : one.start] + BLANKED
        at = one.end
    return kept + text[at:]


def list_held(tool: Tool) -> list[store.HeldComment]:
    """Comments that wait to be cleared.

    Parameters
    ----------
    tool : Tool
        Any.

    Returns
    -------
    list of HeldComment
        None while the tool is open.
    """
    return store.held_comments(tool) if tool.state == "closed" and store.is_here(tool) else []


def find_held(tool: Tool, comment: str) -> store.HeldComment:
    """One comment that waits to be cleared.

    Parameters
    ----------
    tool : Tool
        Of which.
    comment : str
        Its id.

    Returns
    -------
    HeldComment
        With its text.

    Raises
    ------
    Http404
        If none waits, so also where it was cleared or withheld meanwhile.
    """
    found = [one for one in list_held(tool) if one.comment == comment]
    if not found:
        raise Http404("There is no such comment to be cleared. Somebody may have done it.")
    return found[0]


def clear_comment(
    *, review: models.Review, by: models.Member, code: str, comment: str, text: str
) -> Tool:
    """Let others read a comment as it was rewritten.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code, comment : str
        Ids of the tool and the comment.
    text : str
        What others may read.

    Returns
    -------
    Tool
        The tool. The history tells that a comment was cleared, and no word of it.

    Raises
    ------
    RecordFaults
        If nothing is left of it.
    PolicyError
        If the tool is not closed.
    """
    if not text.strip():
        raise RecordFaults({"text": ["Nothing is left of it. Withhold it instead."]})
    return _settle(review, by, code, comment, text.strip())


def withhold_comment(*, review: models.Review, by: models.Member, code: str, comment: str) -> Tool:
    """Keep a comment from everybody for good.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code, comment : str
        Ids of the tool and the comment.

    Returns
    -------
    Tool
        The tool.

    Raises
    ------
    PolicyError
        If the tool is not closed.
    """
    return _settle(review, by, code, comment, None)


@transaction.atomic
def _settle(
    review: models.Review, by: models.Member, code: str, comment: str, text: str | None
) -> Tool:
    check_can(by, "clear_comments")
    review = lock_review(review)
    tool: Tool = find_record(review, "feedback_tools", code)
    if tool.state != "closed":
        raise PolicyError(f"{code} is {tool.state}: comments are cleared once it is closed.")
    find_held(tool, comment)
    append_event(
        review,
        by=by,
        action="withheld a comment of" if text is None else "cleared a comment of",
        table="feedback_tools",
        record=tool.code,
        changes={},
    )
    if not store.settle_comment(tool, comment, text):
        raise Http404("Somebody cleared or withheld it meanwhile.")
    return tool
