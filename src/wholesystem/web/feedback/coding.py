"""Coding comments by hand: themes of a tool, and which comments say what they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction

from wholesystem.reviews.feedback.results import Results
from wholesystem.reviews.feedback.themes import Coding as CodingRow
from wholesystem.reviews.feedback.themes import CommentTheme, ThemeCount, count_themes
from wholesystem.web.feedback.models import Coding, Theme, Tool
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import (
    find_record,
    lock_review,
    save_link,
    save_record,
)
from wholesystem.web.workspace.errors import PolicyError, RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = [
    "MOST_THEMES",
    "code_comment",
    "save_theme",
    "theme_counts",
    "themes_of",
    "withdraw_theme",
]

#: Of one tool: a coder keeps no more in mind, and a page shows them all.
MOST_THEMES = 100


def themes_of(tool: Tool) -> list[Theme]:
    """Themes of a tool that stand.

    Parameters
    ----------
    tool : Tool
        Of a review.

    Returns
    -------
    list of Theme
        In the order in which they were made.
    """
    return list(Theme.objects.filter(tool=tool, withdrawn="").order_by("pk"))


@transaction.atomic
def save_theme(
    *, review: models.Review, by: models.Member, tool: str, label: str, kloe: str, code: str = ""
) -> Theme:
    """Make a theme, or change what it is called and which question it speaks to.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    tool : str
        Id of the tool.
    label : str
        For people.
    kloe : str
        Id of a question of the framework; blank for none.
    code : str
        Id of the theme; blank for a new one.

    Returns
    -------
    Theme
        As saved.

    Raises
    ------
    PermissionDenied, RecordFaults, PolicyError, Http404
        If the person may not add evidence, a value breaks a rule, there are as many as there may
        be, or there is no such tool or theme.
    """
    check_can(by, "add_evidence")
    review = lock_review(review)
    found: Tool = find_record(review, "feedback_tools", tool)
    others = [one for one in themes_of(found) if one.code != code]
    if not code and len(others) >= MOST_THEMES:
        raise PolicyError(f"A tool has at most {MOST_THEMES} themes. Use one that is there.")
    if label.strip().casefold() in {one.label.casefold() for one in others}:
        raise RecordFaults({"label": ["There is such a theme already. Choose it from the list."]})
    values = {"tool": tool, "label": label, "kloe": kloe}
    saved: Theme = save_record(
        review=review, by=by, table="feedback_themes", values=values, code=code
    )
    return saved


@transaction.atomic
def withdraw_theme(*, review: models.Review, by: models.Member, code: str, why: str) -> Theme:
    """Withdraw a theme: no comment is counted under it any more.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    code : str
        Id of the theme.
    why : str
        The reason.

    Returns
    -------
    Theme
        As saved.

    Raises
    ------
    PermissionDenied, RecordFaults, Http404
        If the person may not add evidence, no reason is given, or there is no such theme.
    """
    check_can(by, "add_evidence")
    if not why.strip():
        raise RecordFaults({"why": ["A reason is needed. Say why it is withdrawn."]})
    saved: Theme = save_record(
        review=review,
        by=by,
        table="feedback_themes",
        values={"withdrawn": why.strip()},
        code=code,
        action="withdrawn",
        why=why.strip(),
    )
    return saved


@transaction.atomic
def code_comment(
    *,
    review: models.Review,
    by: models.Member,
    tool: Tool,
    question: str,
    comment: str,
    themes: Collection[str],
) -> None:
    """Give a comment themes, in place of those that it had.

    Parameters
    ----------
    review : models.Review
        Whose it is.
    by : models.Member
        Who does it.
    tool : Tool
        Whose comment it is.
    question, comment : str
        Which comment.
    themes : collection of str
        Ids of themes of the tool; none takes all away.

    Raises
    ------
    PermissionDenied, RecordFaults
        If the person may not add evidence, or a theme is not the tool's.
    """
    check_can(by, "add_evidence")
    review = lock_review(review)
    known = {one.code: one for one in themes_of(tool)}
    unknown = sorted(set(themes) - set(known))
    if unknown:
        raise RecordFaults({"themes": [f"There is no theme {unknown[0]}. Choose from the list."]})
    for code, theme in known.items():
        where = {"theme": theme, "question": question, "comment": comment}
        has = Coding.objects.filter(**where).exists()
        if has == (code in themes):
            continue
        save_link(
            review=review,
            by=by,
            table="feedback_codings",
            values={**where, "theme": code} if code in themes else None,
            where=where,
            name=f"{code} {question} {comment}",
        )


def theme_counts(
    results: Results, tool: Tool, themes: Iterable[Theme]
) -> dict[str, list[ThemeCount]]:
    """How many comments of each shown group were given each theme, over all questions.

    Parameters
    ----------
    results : Results
        Of the tool.
    tool : Tool
        Whose themes.
    themes : iterable of Theme
        That stand.

    Returns
    -------
    dict of str to list of ThemeCount
        By theme; None in place of a count where the group is not shown.
    """
    listed = list(themes)
    asked = {one.question.question for one in results.comments}
    codings = Coding.objects.filter(theme__in=listed).select_related("theme")
    rows = [
        CodingRow(question=one.question, comment=one.comment, theme=one.theme.code)
        for one in codings
        if one.question in asked
    ]
    names = [CommentTheme(theme=one.code, label=one.label, kloe=one.kloe) for one in listed]
    found: dict[str, list[ThemeCount]] = {one.code: [] for one in listed}
    for count in count_themes(results, names, rows):
        found[count.theme].append(count)
    return found
