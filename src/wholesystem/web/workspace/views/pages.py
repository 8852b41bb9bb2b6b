"""What every page of a review does first: find the review, the person's part in it, and ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from wholesystem.reviews.framework import Framework
from wholesystem.web.workspace import models
from wholesystem.web.workspace.permissions import can, check_can
from wholesystem.web.workspace.rows import framework_of
from wholesystem.web.workspace.views.navigation import list_parts

__all__ = ["Here", "render_page", "review_page"]


@dataclass(frozen=True)
class Here:
    """Where a person is: the review, and their part in it.

    Parameters
    ----------
    review : models.Review
        With its framework.
    member : models.Member
        The person's part.
    """

    review: models.Review
    member: models.Member
    memory: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def framework(self) -> Framework:
        """The review's questions."""
        return framework_of(self.review.framework)

    def may(self, permission: str) -> bool:
        """Whether the person may do something here, for a template to show its link.

        Parameters
        ----------
        permission : str
            One of `permissions.PERMISSIONS`.

        Returns
        -------
        bool
            As `permissions.can` says.
        """
        return can(self.member, permission)

    def call_question(self, kloe: str) -> str:
        """A question's name.

        Parameters
        ----------
        kloe : str
            Its id.

        Returns
        -------
        str
            Its name in the framework.
        """
        return self.framework.question_by_id[kloe].name


View = Callable[..., HttpResponseBase]


def review_page(permission: str) -> Callable[[View], View]:
    """Decorator of a page of one review: ``view(request, here, ...)``.

    Parameters
    ----------
    permission : str
        What the page needs, one of `permissions.PERMISSIONS`. Stands on the view as
        `permission`, from which the table of every address by every role is made and tested.

    Returns
    -------
    callable
        Decorates the view. Its address has the review's id as ``review``. Who has no part in the
        review is told that there is no such page; whose role does not allow it, that it does not.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *, review: str, **names: Any) -> HttpResponseBase:
            here = _find_here(request, review)
            check_can(here.member, permission)
            return view(request, here, **names)

        page.permission = permission  # type: ignore[attr-defined]
        return page

    return decorate


def _find_here(request: HttpRequest, code: str) -> Here:
    member = (
        models.Member.objects.filter(
            review__code=code, user=cast(Any, request.user), left_at__isnull=True
        )
        .select_related("review__framework", "organisation")
        # Large, and made into a framework once by a process.
        .defer("review__framework__tables")
        .first()
    )
    if member is None:
        raise Http404("There is no such review among yours.")
    return Here(member.review, member)


def render_page(
    request: HttpRequest, here: Here, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of a review.

    Parameters
    ----------
    request : HttpRequest
        As asked.
    here : Here
        The review and the person's part.
    template : str
        Name within ``workspace/``, without ``.html.jinja``.
    status : int
        Of the answer; 200 for a page, 409 where somebody else was faster, 400 for a refused form.
    **context : object
        For the template, which also has ``here``, ``review`` and ``parts``, from `list_parts`.

    Returns
    -------
    HttpResponse
        The page.
    """
    match = request.resolver_match
    parts = list_parts(here.member, match.url_name or "" if match else "")
    told = {"here": here, "review": here.review, "parts": parts, **context}
    return render(request, f"workspace/{template}.html.jinja", told, status=status)
