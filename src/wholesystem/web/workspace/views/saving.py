"""What every page with a form of a record does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from wholesystem.web.workspace.forms.base import RecordForm, try_save
from wholesystem.web.workspace.views.pages import Here, render_page

__all__ = ["answer_form", "files_of", "sent_of", "status_of"]


def sent_of(request: HttpRequest) -> Any:
    """What a form is bound to.

    Parameters
    ----------
    request : HttpRequest
        As asked.

    Returns
    -------
    QueryDict or None
        What was sent, also if that is nothing; None where the page is only opened.
    """
    return request.POST if request.method == "POST" else None


def files_of(request: HttpRequest) -> Any:
    """Files that a form is bound to.

    Parameters
    ----------
    request : HttpRequest
        As asked.

    Returns
    -------
    MultiValueDict or None
        As `sent_of`.
    """
    return request.FILES if request.method == "POST" else None


def status_of(form: RecordForm) -> int:
    """Status of the answer that shows a form.

    Parameters
    ----------
    form : RecordForm
        Bound or not.

    Returns
    -------
    int
        409 where somebody else was faster, 400 where it is refused, else 200.
    """
    if form.conflict is not None:
        return 409
    return 400 if form.is_bound and form.errors else 200


def answer_form(
    request: HttpRequest,
    here: Here,
    template: str,
    form: RecordForm,
    save: Callable[[], Any],
    go_on: Callable[[Any], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """Show a form; where it was sent, save it and go on.

    Parameters
    ----------
    request : HttpRequest
        As asked.
    here : Here
        The review and the person's part.
    template : str
        Of the form's page.
    form : RecordForm
        Bound if it was sent.
    save : callable
        Calls the action with what the form holds.
    go_on : callable
        Answer once it is saved; given what the action returned.
    **context : object
        For the template.

    Returns
    -------
    HttpResponse
        With the form again if it is refused: nothing that was typed is lost.
    """
    if form.is_bound and form.is_valid():
        saved = try_save(form, save)
        if saved is not None:
            return go_on(saved)
    return render_page(request, here, template, status_of(form), form=form, **context)
