"""Background work is done by whoever serves or works, and tidied up."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tests.conftest import ROOT
from tests.helpers.served import environ_of, run_command, served
from wholesystem.web.background import tidy

ENQUEUE = """
import django; django.setup()
from tests.helpers.tasks import double
print(*[double.enqueue(number).id for number in (21, -1)])
"""
LOOK = """
import django; django.setup()
from django_tasks_db.models import DBTaskResult
ours = DBTaskResult.objects.filter(task_path="tests.helpers.tasks.double").order_by("enqueued_at")
print(*[f"{one.status}:{one.return_value}" for one in ours])
"""


def run_program(folder: Path, program: str) -> str:
    environ = {
        **environ_of(folder),
        "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def wait_for(folder: Path, wanted: str) -> None:
    end = time.monotonic() + 30
    while (found := run_program(folder, LOOK)) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    assert found == wanted


def test_what_is_served_is_also_worked_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with served(tmp_path, "--no-example") as workspace:
        run_program(tmp_path, ENQUEUE)
        # One that fails does not keep the next from being done.
        wait_for(tmp_path, "SUCCESSFUL:42 FAILED:None")
    assert "secret words" not in "".join(workspace.log)
    assert all(json.loads(line) for line in workspace.log)


def test_a_worker_works_off_what_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    run_command(tmp_path, "workspace", "migrate")
    run_program(tmp_path, ENQUEUE)
    worker = subprocess.Popen(
        [sys.executable, "-m", "wholesystem", "workspace", "worker"],
        env=environ_of(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(tmp_path, "SUCCESSFUL:42 FAILED:None")
    finally:
        worker.terminate()
        assert worker.wait(timeout=60) == 0


@pytest.mark.django_db
def test_what_is_no_longer_needed_is_taken_away() -> None:
    now = timezone.now()

    def task(status: TaskResultStatus, started_hours: int) -> DBTaskResult:
        then = now - timedelta(hours=started_hours)
        one = DBTaskResult.objects.create(
            args_kwargs={"args": [1], "kwargs": {}},
            task_path="tests.helpers.tasks.double",
            backend_name="default",
            status=status,
            started_at=then,
        )
        if status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED):
            DBTaskResult.objects.filter(pk=one.pk).update(finished_at=then)
        return one

    kept = [
        task(TaskResultStatus.SUCCESSFUL, 24),
        task(TaskResultStatus.RUNNING, 5),
        task(TaskResultStatus.READY, 2000),
    ]
    cut_off = task(TaskResultStatus.RUNNING, 7)
    task(TaskResultStatus.SUCCESSFUL, 24 * 31)
    for hours, key in ((1, "old"), (-1, "new")):
        expiry = now - timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=expiry)
    AccessAttempt.objects.create(username="a", ip_address="192.0.2.1", failures_since_start=1)
    AccessAttempt.objects.create(username="b", ip_address="192.0.2.1", failures_since_start=1)
    AccessAttempt.objects.filter(username="a").update(attempt_time=now - timedelta(days=31))
    tidy()

    left = {one.pk for one in DBTaskResult.objects.all()}
    assert left == {one.pk for one in [*kept, cut_off]}
    cut_off.refresh_from_db()
    assert cut_off.status == TaskResultStatus.FAILED
    assert [one.session_key for one in Session.objects.all()] == ["new"]
    assert [one.username for one in AccessAttempt.objects.all()] == ["b"]
