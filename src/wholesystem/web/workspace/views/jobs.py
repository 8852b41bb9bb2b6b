"""Pages of background work: how far it is, and the file that it made."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wholesystem.errors import Fault
from wholesystem.web.workspace import jobs, models
from wholesystem.web.workspace.permissions import can
from wholesystem.web.workspace.views.faults import fault_rows

__all__ = ["download", "show_job"]

EVERY_SECONDS = 5
WAITING = (
    "It is begun as soon as the work before it has ended. If nothing happens for minutes, no worker"
    " is running: ask whoever runs this workspace."
)
#: What is happening, by kind.
DOING = {
    "cases": "The stays are being checked and the cases drawn. It takes some seconds.",
    "export": "The review's tables, documents and history are being written into one zip.",
    "import": "The bundle is being checked: every table, document, passage and event of history.",
    "profile": "The area's published figures are being compared and drawn. It takes some seconds.",
    "map": "The system is being simulated a few times and drawn. It takes a minute at most, the"
    " first time longer; a large model of your own up to ten.",
}
#: What a person needs still to have in the review to see the work, by kind.
NEEDS = {
    "cases": "see_cases",
    "export": "export_review",
    "map": "see_pictures",
    "profile": "see_pictures",
}


def _find_job(request: HttpRequest, number: int) -> models.Job:
    """A job that the person may see: their own, or a picture of a review of theirs."""
    job = (
        models.Job.objects.select_related("review", "asked_by")
        .filter(pk=min(number, 2**62))
        .first()
    )
    if job is None or not _may_see(job, request.user):
        raise Http404("There is no such work of yours.")
    return job


def _may_see(job: models.Job, user: Any) -> bool:
    own: bool = job.asked_by_id == user.pk
    if job.kind == "import":
        return own
    member = models.Member.objects.filter(
        review=job.review_id, user_id=user.pk, left_at__isnull=True
    ).first()
    if member is None or not can(member, NEEDS[job.kind]):
        return False
    return own or job.kind not in ("cases", "export")


@require_safe
def show_job(request: HttpRequest, job: int) -> HttpResponse:
    """Show how far background work is, and what became of it."""
    found = jobs.recover(_find_job(request, job))
    is_open = found.status in ("waiting", "running")
    context = {
        "job": found,
        "is_open": is_open,
        "doing": DOING[found.kind] if found.status == "running" else WAITING,
        "every_seconds": EVERY_SECONDS,
        "file": jobs.file_of(found),
        "faults": fault_rows(Fault(**one) for one in found.faults),
        "keep_days": jobs.KEEP_DAYS,
    }
    response = render(request, "workspace/job.html.jinja", context)
    if is_open:
        # Works without script, and ends with the work.
        response["Refresh"] = str(EVERY_SECONDS)
    return response


@require_safe
def download(request: HttpRequest, job: int) -> HttpResponseBase:
    """Hand out what a job made."""
    found = _find_job(request, job)
    path = jobs.file_of(found)
    if path is None:
        raise Http404("The file is not there any more.")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/zip",
    )
