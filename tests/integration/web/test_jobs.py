"""Background work: asked for, done once, found again, told of, and its files kept for a while."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.helpers import bundles
from tests.helpers.browsing import client_of, text_of
from tests.helpers.programs import run_in_workspace
from tests.helpers.workspace import lead_of, make_member, make_review, make_user
from wholesystem.reviews import read_bundle, write_bundle
from wholesystem.web.workspace import job_work, jobs, models
from wholesystem.web.workspace.actions import reviews as actions
from wholesystem.web.workspace.kept_files import document_file, job_folder

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "documents"


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


@pytest.fixture
def administrator() -> Any:
    return make_user(administrator=True)


@pytest.fixture
def bundle(tmp_path: Path) -> bytes:
    path = tmp_path / "bundle.zip"
    write_bundle(bundles.review(), bundles.attached(), path)
    return path.read_bytes()


def do(job: models.Job) -> models.Job:
    """Do the work, as a worker does."""
    jobs.run_job.call(job.pk)
    job.refresh_from_db()
    return job


def bring_in(who: Any, content: bytes) -> models.Job:
    upload = SimpleUploadedFile("my review.zip", content)
    answer = client_of(who).post("/reviews/import/", {"file": upload})
    assert answer.status_code == 302, text_of(answer)
    return models.Job.objects.get(pk=int(answer.url.split("/")[2]))


def damaged(content: bytes, change: Any) -> bytes:
    """A bundle with files changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


# --------------------------------------------------------------------------- export


def test_a_review_is_taken_out(review: models.Review, client: Client, tmp_path: Path) -> None:
    answer = client.post(f"/reviews/{review.code}/export/")
    job = models.Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    waiting = client.get(answer.url)
    assert waiting["Refresh"] == "5"
    assert "waiting for its turn" in text_of(waiting)

    do(job)
    done = client.get(answer.url)
    assert "Refresh" not in done
    assert f"Download {review.code}.zip" in text_of(done)
    file = client.get(f"/jobs/{job.pk}/file/")
    assert file["Content-Disposition"] == f'attachment; filename="{review.code}.zip"'
    path = tmp_path / "out.zip"
    path.write_bytes(b"".join(file.streaming_content))
    assert read_bundle(path).review.info.title == review.title
    assert f'href="/jobs/{job.pk}/"' in text_of(client.get(f"/reviews/{review.code}/export/"))


def test_only_who_asked_gets_the_file_and_only_while_they_may(
    review: models.Review, client: Client
) -> None:
    member = make_member(review, "reviewer")
    theirs = client_of(member)
    theirs.post(f"/reviews/{review.code}/export/")
    job = do(models.Job.objects.get())
    addresses = (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/file/")

    assert theirs.get(addresses[0]).status_code == 200
    assert len(b"".join(theirs.get(addresses[1]).streaming_content)) > 1000
    assert [client.get(one).status_code for one in addresses] == [404, 404]
    stranger = client_of(make_user(administrator=True))
    assert [stranger.get(one).status_code for one in addresses] == [404, 404]
    actions.end_membership(review=review, by=lead_of(review), code=member.code)
    assert [theirs.get(one).status_code for one in addresses] == [404, 404]


def test_what_was_exported_is_there_for_a_week(review: models.Review, client: Client) -> None:
    client.post(f"/reviews/{review.code}/export/")
    job = do(models.Job.objects.get())
    path = Path(settings.DATA_FOLDER) / job.file
    assert path.stat().st_mode & 0o077 == 0

    models.Job.objects.update(ended_at=timezone.now() - timedelta(days=8))
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert "Make it again" in text_of(client.get(f"/jobs/{job.pk}/"))
    assert path.exists()
    jobs.look_after_jobs()
    assert not path.exists()


# --------------------------------------------------------------------------- import


def test_a_review_is_brought_in(administrator: Any, bundle: bytes) -> None:
    job = bring_in(administrator, bundle)
    uploaded = Path(settings.DATA_FOLDER) / job.file
    assert uploaded.is_file()
    do(job)

    assert (job.status, job.review.code) == ("done", "oxfordshire")
    assert not uploaded.exists()
    client = client_of(administrator)
    assert "Go to the review" in text_of(client.get(f"/jobs/{job.pk}/"))
    assert client.get("/reviews/oxfordshire/").status_code == 200
    assert document_file(bundles.DIGEST).read_bytes() == bundles.DOCUMENT


def test_every_fault_is_shown_and_nothing_is_kept(administrator: Any, bundle: bytes) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name == "evidence.csv":
            return data.replace(b"concern", b"worry").replace(b"S2", b"S9")
        return data.replace(b"2018-01-31", b"<b>soon</b>") if name == "due_dates.csv" else data

    job = do(bring_in(administrator, damaged(bundle, change)))
    page = text_of(client_of(administrator).get(f"/jobs/{job.pk}/"))

    assert job.status == "failed"
    assert len(job.faults) >= 3
    for told in ("evidence.csv", "shows", "worry", "S9", "&lt;b&gt;soon&lt;/b&gt;"):
        assert told in page
    assert "<b>soon" not in page
    assert not models.Review.objects.exists()
    assert not models.Framework.objects.exists()
    assert not document_file(bundles.DIGEST).exists()


def test_a_review_that_is_here_already_is_refused(administrator: Any, bundle: bytes) -> None:
    do(bring_in(administrator, bundle))
    job = do(bring_in(administrator, bundle))

    assert job.status == "failed"
    assert "here already" in text_of(client_of(administrator).get(f"/jobs/{job.pk}/"))
    assert document_file(bundles.DIGEST).exists()
    assert models.Review.objects.count() == 1


@pytest.mark.parametrize("content", [b"no zip", b"PK\x03\x04", b"\x00" * 100])
def test_a_file_that_is_no_bundle_is_told(administrator: Any, content: bytes) -> None:
    job = do(bring_in(administrator, content))

    assert job.status == "failed"
    assert job.faults


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("a.zip", b"")}, "The file is empty."),
        ({"file": SimpleUploadedFile("a.csv", b"a")}, "The file must end in .zip."),
    ],
)
def test_what_is_uploaded_must_be_a_zip(administrator: Any, sent: Any, told: str) -> None:
    answer = client_of(administrator).post("/reviews/import/", sent)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not models.Job.objects.exists()


def test_an_import_is_its_own_askers(administrator: Any, bundle: bytes) -> None:
    job = bring_in(administrator, bundle)

    assert client_of(make_user(administrator=True)).get(f"/jobs/{job.pk}/").status_code == 404


# --------------------------------------------------------------------------- lost and found


def test_work_is_done_once(administrator: Any, bundle: bytes) -> None:
    job = do(bring_in(administrator, bundle))
    do(job)

    assert (job.status, job.attempts) == ("done", 1)


def lose(job: models.Job) -> None:
    """As a worker that ended in the middle leaves it."""
    models.Job.objects.filter(pk=job.pk).update(
        status="running",
        attempts=job.attempts + 1,
        started_at=timezone.now() - timedelta(minutes=5),
    )
    job.refresh_from_db()


def test_lost_work_is_begun_again_once(review: models.Review, client: Client) -> None:
    client.post(f"/reviews/{review.code}/export/")
    job = models.Job.objects.get()
    lose(job)
    assert "it was begun again" in text_of(client.get(f"/jobs/{job.pk}/"))
    do(job)
    assert (job.status, job.attempts) == ("done", 2)


def test_work_lost_twice_is_told_as_failed(review: models.Review, client: Client) -> None:
    client.post(f"/reviews/{review.code}/export/")
    job = models.Job.objects.get()
    lose(job)
    jobs.look_after_jobs()
    job.refresh_from_db()
    assert job.status == "waiting"
    lose(job)
    jobs.look_after_jobs()
    job.refresh_from_db()

    assert job.status == "failed"
    assert "stopped twice" in text_of(client.get(f"/jobs/{job.pk}/"))


def test_work_that_goes_on_is_left_alone(review: models.Review, client: Client) -> None:
    client.post(f"/reviews/{review.code}/export/")
    job = models.Job.objects.get()
    lose(job)
    (job_folder(job.pk) / "alive").touch()
    page = text_of(client.get(f"/jobs/{job.pk}/"))

    assert "being worked on" in page
    old = time.time() - 61
    os.utime(job_folder(job.pk) / "alive", (old, old))
    assert "waiting for its turn" in text_of(client.get(f"/jobs/{job.pk}/"))


def test_who_was_thought_lost_ends_nothing_twice(
    administrator: Any, bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that slept while another took its work up keeps nothing of what it did."""
    job = bring_in(administrator, bundle)
    store = job_work.store_bundle

    def slow(*args: Any, **kwargs: Any) -> Any:
        models.Job.objects.filter(pk=job.pk).update(attempts=2)
        return store(*args, **kwargs)

    monkeypatch.setattr(job_work, "store_bundle", slow)
    do(job)

    assert job.status == "running"
    assert not models.Review.objects.exists()
    assert not document_file(bundles.DIGEST).exists()


def test_a_fault_of_ours_is_told_and_logged(
    review: models.Review, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **more: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(job_work, "write_review", fail)
    client.post(f"/reviews/{review.code}/export/")
    job = models.Job.objects.get()
    with pytest.raises(ZeroDivisionError):
        jobs.run_job.call(job.pk)

    assert "a fault of the program" in text_of(client.get(f"/jobs/{job.pk}/"))


KILLED = """
import os, signal
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.helpers.workspace import make_user
from wholesystem.web.workspace import jobs, models, storing
user = make_user(administrator=True)
upload = SimpleUploadedFile("a.zip", Path(sys.argv[1]).read_bytes())
job = jobs.ask(kind="import", user=user, upload=upload, ending=".zip")
storing._store_history = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
jobs.run_job.call(job.pk)
"""
FOUND = """
import os, time
from wholesystem.web.workspace import jobs, models
job = models.Job.objects.get()
before = (job.status, models.Review.objects.count(), models.Evidence.objects.count())
path = jobs.job_folder(job.pk) / "alive"
os.utime(path, (time.time() - 61, time.time() - 61))
jobs.look_after_jobs()
job.refresh_from_db()
again = job.status
jobs.run_job.call(job.pk)
job.refresh_from_db()
print(*before, again, job.status, models.Review.objects.count(), models.Evidence.objects.count())
"""


def test_a_worker_killed_half_way_leaves_nothing_half_stored(bundle: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bundle)
    folder = tmp_path / "data"
    run_in_workspace(folder, KILLED, str(path), code=-signal.SIGKILL)

    assert run_in_workspace(folder, FOUND) == "running 0 0 waiting done 1 2"


REMIND = """
from django_tasks_db.models import DBTaskResult
from django.utils import timezone
from tests.helpers.workspace import lead_of, make_review
from wholesystem.web.workspace import jobs, models
from wholesystem.web.workspace.actions import reviews
review = make_review()
reviews.save_due_date(
    review=review, by=lead_of(review), values={"title": "Summit", "on": timezone.localdate()}
)
jobs.look_after_jobs()
jobs.look_after_jobs()
waiting = DBTaskResult.objects.filter(task_path__endswith=".remind", status="READY")
print(models.Notice.objects.count(), waiting.count(), waiting.get().run_after > timezone.now())
waiting.update(status="SUCCESSFUL")
jobs.remind.call()
print(waiting.count())
"""


def test_reminders_are_made_daily(tmp_path: Path) -> None:
    assert run_in_workspace(tmp_path, REMIND) == "1 1 True\n1"


def test_ids_that_no_address_can_have_are_refused(administrator: Any, bundle: bytes) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name in ("sources.csv", "evidence.csv"):
            return data.replace(b"S1", b"S/1")
        return data.replace(b"F1", b"F/1") if "finding" in name or "areas" in name else data

    job = do(bring_in(administrator, damaged(bundle, change)))

    assert [one["where"] for one in job.faults] == [
        "sources.csv row 2, column source",
        "findings.csv row 2, column finding",
    ]
    assert not models.Review.objects.exists()
    assert not models.Framework.objects.exists()
