"""Background work that people ask for: asked, taken up once, ended once, and found again if lost.

The queue (django-tasks) only says that there is work. What became of it is in `models.Job`, which
the person's page shows. A worker that takes a job up counts an attempt, and ends the job only if
no later attempt was counted meanwhile: so a worker that was thought lost can end nothing twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import default_task_backend, task

from wholesystem.errors import TableError, UserError
from wholesystem.web.workspace import models
from wholesystem.web.workspace.errors import PolicyError
from wholesystem.web.workspace.job_work import WORK, Made
from wholesystem.web.workspace.kept_files import job_folder, keep_upload, remove_job_files
from wholesystem.web.workspace.reminders import make_notices

__all__ = [
    "KEEP_DAYS",
    "ask",
    "file_of",
    "look_after_jobs",
    "recover",
    "remind",
    "run_job",
]

LOG = logging.getLogger("wholesystem.jobs")
#: How long what was exported can be downloaded.
KEEP_DAYS = 7
MOST_ATTEMPTS = 2
BEAT_SECONDS = 5.0
# Long enough that a busy worker is not thought lost.
LOST_SECONDS = 60.0
# By then a worker that is there has taken it up, unless others are before it.
FORGOTTEN = timedelta(minutes=5)
#: One of them at a time for a review: the second who asks is led to the first.
ONE_AT_A_TIME = ("profile", "map")


def ask(
    *,
    kind: str,
    user: Any,
    review: models.Review | None = None,
    upload: File[Any] | None = None,
    ending: str = "",
) -> models.Job:
    """Ask for background work. Whether the person may is the caller's to ask.

    Parameters
    ----------
    kind : str
        One of `models.JOB_KINDS`.
    user : User
        Who asks.
    review : models.Review, optional
        Of which; None for an import.
    upload : File, optional
        What the work is done on.
    ending : str
        Of the upload's name, such as ``.zip``.

    Returns
    -------
    models.Job
        Waiting; or the one that is waiting or running already, where one is made at a time.
    """
    with transaction.atomic():
        if review is not None and kind in ONE_AT_A_TIME:
            # The review's row is held, so that two who ask at once get one job.
            models.Review.objects.select_for_update().get(pk=review.pk)
            there = models.Job.objects.filter(
                review=review, kind=kind, status__in=("waiting", "running")
            ).first()
            if there is not None:
                return there
        job = models.Job.objects.create(kind=kind, asked_by=user, review=review)
        if upload is not None:
            path = keep_upload(job.pk, ending, upload.chunks())
            job.file = str(path.relative_to(settings.DATA_FOLDER))
            job.file_name = (upload.name or "")[:300]
            job.save(update_fields=["file", "file_name"])
        run_job.enqueue(job.pk)
    return job


@task()
def run_job(number: int) -> None:
    """Take up a job and do it; a job that is taken up or ended already is left alone.

    Parameters
    ----------
    number : int
        Of the job.
    """
    taken = models.Job.objects.filter(pk=number, status="waiting").update(
        status="running", attempts=F("attempts") + 1, started_at=timezone.now()
    )
    job = models.Job.objects.select_related("review__framework", "asked_by").get(pk=number)
    if not taken:
        return
    try:
        with _beating(number):
            _work_on(job)
    finally:
        _remove_uploaded(job)


def _work_on(job: models.Job) -> None:
    try:
        WORK[job.kind](job, _ending(job))
    except TableError as error:
        count = len(error.faults)
        _fail(job, f"{count} faults were found." if count > 1 else "A fault was found.", error)
    except UserError as error:
        _fail(job, str(error))
    except Exception:
        LOG.exception("job_failed", extra={"job": job.pk, "kind": job.kind})
        _fail(job, "This is a fault of the program. It is in the log of the workspace.")
        raise


def _remove_uploaded(job: models.Job) -> None:
    """Take away what was uploaded, once the job has ended with nothing to be downloaded."""
    if models.Job.objects.filter(pk=job.pk, status__in=("done", "failed"), file="").exists():
        remove_job_files(job.pk)


def _ending(job: models.Job) -> Any:
    """Function that ends a job well, in the transaction of the work where it has one."""

    def end(made: Made) -> None:
        found = models.Job.objects.filter(pk=job.pk, status="running", attempts=job.attempts)
        ended = found.update(
            status="done",
            ended_at=timezone.now(),
            message=made.message,
            review=made.review or job.review,
            file=str(made.file.relative_to(settings.DATA_FOLDER)) if made.file else "",
            file_name=made.file_name,
        )
        if not ended:
            raise PolicyError("This work was taken up a second time meanwhile.")

    return end


def _fail(job: models.Job, message: str, error: TableError | None = None) -> None:
    faults = [
        {"where": one.where, "value": one.value, "rule": one.rule, "remedy": one.remedy}
        for one in (error.faults if error else ())
    ]
    models.Job.objects.filter(pk=job.pk, status="running", attempts=job.attempts).update(
        status="failed", ended_at=timezone.now(), message=message, faults=faults, file=""
    )


# --------------------------------------------------------------------------- found again


def _alive(number: int) -> Path:
    return job_folder(number) / "alive"


@contextmanager
def _beating(number: int) -> Iterator[None]:
    """Touch the job's file every few seconds for as long as this process lives and works."""
    stop, path = Event(), _alive(number)
    path.touch()

    def beat() -> None:
        while not stop.wait(BEAT_SECONDS):
            if path.parent.is_dir():
                path.touch()

    thread = Thread(target=beat, name=f"job-{number}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        path.unlink(missing_ok=True)


def _is_lost(job: models.Job) -> bool:
    """Whether its worker ended in the middle of it."""
    if job.status != "running":
        return False
    try:
        beat = _alive(job.pk).stat().st_mtime
    except FileNotFoundError:
        beat = (job.started_at or job.asked_at).timestamp()
    return time.time() - beat > LOST_SECONDS


def recover(job: models.Job) -> models.Job:
    """Bring a job to its end that was lost with its worker.

    Parameters
    ----------
    job : models.Job
        Any.

    Returns
    -------
    models.Job
        As it is now: unchanged if it is not lost; waiting again after the first attempt; failed
        after the second.
    """
    if _is_lost(job):
        same = models.Job.objects.filter(pk=job.pk, status="running", attempts=job.attempts)
        if job.attempts < MOST_ATTEMPTS:
            with transaction.atomic():
                if same.update(status="waiting"):
                    run_job.enqueue(job.pk)
        else:
            _fail(job, "The workspace stopped twice in the middle of it. Nothing was changed.")
            _remove_uploaded(job)
    elif job.status == "waiting" and timezone.now() - job.asked_at > FORGOTTEN:
        _ask_again(job)
    else:
        return job
    job.refresh_from_db()
    return job


def _ask_again(job: models.Job) -> None:
    """Put a job back into a queue that forgot it: a worker ended as it was about to begin."""
    from django_tasks_db.models import DBTaskResult

    if not DBTaskResult.objects.ready().exists():
        run_job.enqueue(job.pk)


def look_after_jobs() -> None:
    """Find lost jobs again, take away what is too old, and see that reminders are made daily."""
    for job in models.Job.objects.filter(status__in=("waiting", "running")):
        recover(job)
    oldest = timezone.now() - timedelta(days=KEEP_DAYS)
    for job in models.Job.objects.filter(ended_at__lt=oldest).exclude(file=""):
        remove_job_files(job.pk)
        job.file = ""
        job.save(update_fields=["file"])
    _remind_daily()


def file_of(job: models.Job) -> Path | None:
    """What a job made to be downloaded.

    Parameters
    ----------
    job : models.Job
        Any.

    Returns
    -------
    Path or None
        None where there is nothing, or not any longer.
    """
    if job.status != "done" or not job.file or job.ended_at is None:
        return None
    if job.ended_at < timezone.now() - timedelta(days=KEEP_DAYS):
        return None
    path = Path(settings.DATA_FOLDER) / job.file
    return path if path.is_file() else None


# --------------------------------------------------------------------------- reminders


@task()
def remind() -> None:
    """Make the day's reminders, and ask for those of tomorrow."""
    make_notices(timezone.localdate())
    _remind_daily()


def _remind_daily() -> None:
    """Ask for tomorrow's reminders, unless they are asked for."""
    from django_tasks_db.models import DBTaskResult

    if not default_task_backend.supports_defer:
        return
    waiting = DBTaskResult.objects.filter(task_path=remind.module_path, status="READY")
    if not waiting.exists():
        make_notices(timezone.localdate())
        start = timezone.localtime().replace(hour=6, minute=0, second=0, microsecond=0)
        remind.using(run_after=start + timedelta(days=1)).enqueue()
