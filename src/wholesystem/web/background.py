"""Background work: the queue's own worker, and hourly tidying."""

from __future__ import annotations

import logging
import secrets
import time
from datetime import timedelta
from threading import Event, Thread

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from wholesystem.web.hooks import find_hook

__all__ = ["run_worker", "start_worker", "tidy"]

LOG = logging.getLogger("wholesystem.background")
LOOK_AFTER = ("wholesystem.web.workspace.jobs", "look_after_jobs")
PAUSE_SECONDS = 1.0
TIDY_SECONDS = 3600.0
# The app that asked for a task tells what became of it; the queue's note is for finding faults.
KEEP_TASKS = timedelta(days=30)
KEEP_ATTEMPTS = timedelta(days=30)
# No task of ours takes as long; one that seems to was cut off with its worker.
LONGEST_TASK = timedelta(hours=6)


class CutOff(Exception):
    """A worker ended in the middle of a task."""


def run_worker(stop: Event) -> None:
    """Work off the queue until told to stop; a task that has begun is brought to its end.

    Parameters
    ----------
    stop : Event
        Set from outside.
    """
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=secrets.token_hex(16),
        excluded_queue_names=[],
    )
    tidied = -TIDY_SECONDS
    while not stop.is_set():
        try:
            if time.monotonic() - tidied >= TIDY_SECONDS:
                tidied = time.monotonic()
                tidy()
            had_work = _work_off_one(worker)
        except Exception:  # the database may be away for a while; the worker must outlive that
            LOG.exception("worker_failed")
            had_work = False
        if not had_work:
            stop.wait(PAUSE_SECONDS)
    connection.close()


def _work_off_one(worker: Worker) -> bool:
    """One task at a time, so that a stop is seen between two."""
    close_old_connections()
    before = worker._run_tasks
    worker.max_tasks = before + 1
    worker.run()
    return worker._run_tasks > before


def start_worker(stop: Event) -> Thread:
    """Start a worker in a thread of this process.

    Parameters
    ----------
    stop : Event
        Set it, then join the thread.

    Returns
    -------
    Thread
        Running.
    """
    thread = Thread(target=run_worker, args=(stop,), name="worker", daemon=True)
    thread.start()
    return thread


def tidy() -> None:
    """Take away what is too old: sessions, notes of the queue and of failed sign-ins, files."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_ATTEMPTS).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASKS).delete()
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    for task in running.filter(started_at__lt=now - LONGEST_TASK):
        task.set_failed(CutOff())
        LOG.warning("task_cut_off", extra={"task": str(task.pk)})
    look_after_jobs = find_hook(*LOOK_AFTER)
    if look_after_jobs is not None:
        look_after_jobs()
