"""Who may do what with accounts. In a review, `wholesystem.web.workspace.permissions` says it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from wholesystem.web.accounts.models import User

__all__ = ["administrators_only", "check_is_administrator"]


def check_is_administrator(by: User) -> None:
    """Check that a person is an administrator.

    Parameters
    ----------
    by : User
        The person.

    Raises
    ------
    PermissionDenied
        If not, or no longer.
    """
    if not (by.is_active and by.is_administrator):
        raise PermissionDenied


def administrators_only(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """View that refuses all but administrators.

    Parameters
    ----------
    view : callable
        A view of a signed-in person.

    Returns
    -------
    callable
        The view.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_is_administrator(request.user)  # type: ignore[arg-type]
        return view(request, *args, **kwargs)

    return checked
