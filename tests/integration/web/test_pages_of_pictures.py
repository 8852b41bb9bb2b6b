"""A review's data profile, its system map, and measures of stays."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.helpers.browsing import client_of, text_of
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem.examples import copy_new_model
from wholesystem.flow import to_excel
from wholesystem.web.workspace import jobs, models
from wholesystem.web.workspace.rows import load_events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path / "data"


@pytest.fixture
def review() -> models.Review:
    return make_review()


@pytest.fixture
def client(review: models.Review) -> Client:
    return client_of(lead_of(review))


def page_of(review: models.Review, rest: str) -> str:
    return f"/reviews/{review.code}/{rest}"


def make(client: Client, address: str, **sent: Any) -> models.Job:
    answer = client.post(address, sent)
    assert answer.status_code == 302, text_of(answer)
    job = models.Job.objects.get(pk=int(answer.url.split("/")[2]))
    jobs.run_job.call(job.pk)
    job.refresh_from_db()
    return job


# --------------------------------------------------------------------------- data profile


def test_the_profile_is_made_and_shown(review: models.Review, client: Client) -> None:
    assert "not been made yet" in text_of(client.get(page_of(review, "profile/")))
    assert client.get(page_of(review, "profile/page/")).status_code == 404
    job = make(client, page_of(review, "profile/make/"))
    assert job.status == "done", job.message
    page = text_of(client.get(page_of(review, "profile/")))
    assert "Delayed days a day per 100,000 adults" in page
    assert "Open the whole profile" in page

    answer = client_of(make_member(review, "system_contributor")).get(
        page_of(review, "profile/page/")
    )
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "../index.html" not in text_of(answer)


def test_an_area_without_figures_is_told() -> None:
    review = make_review(area_code="E06000058", area="Bournemouth, Christchurch and Poole")
    client = client_of(lead_of(review))
    job = make(client, page_of(review, "profile/make/"))

    assert job.status == "failed"
    assert "no figure of Bournemouth" in text_of(client.get(f"/jobs/{job.pk}/"))
    page = text_of(client.get(page_of(review, "profile/")))
    assert "could not be made" in page


def test_a_second_who_asks_is_led_to_the_first(review: models.Review, client: Client) -> None:
    other = client_of(make_member(review, "analyst"))
    first = client.post(page_of(review, "profile/make/"))
    second = other.post(page_of(review, "profile/make/"))

    assert first.url == second.url
    assert other.get(second.url).status_code == 200
    assert "It is being made" in text_of(client.get(page_of(review, "profile/")))
    assert client_of(lead_of(make_review())).get(first.url).status_code == 404


@pytest.mark.parametrize("role", ["reviewer", "specialist_advisor", "system_contributor", "viewer"])
def test_who_may_not_make_pictures_is_not_offered_it(role: str, review: models.Review) -> None:
    client = client_of(make_member(review, role))
    for rest in ("profile/", "map/"):
        page = text_of(client.get(page_of(review, rest)))
        assert "A lead or an analyst" in page
        assert "make/" not in page
        assert client.post(page_of(review, f"{rest}make/")).status_code == 403


# --------------------------------------------------------------------------- system map


def test_the_packaged_map_is_made_and_shown(review: models.Review, client: Client) -> None:
    job = make(client, page_of(review, "map/make/"), packaged="yes")
    assert job.status == "done", job.message
    page = text_of(client.get(page_of(review, "map/")))
    assert "Acute hospital beds" in page
    assert 'alt="Map of the system' in page
    picture = client.get(page_of(review, "map/picture.svg"))
    assert picture["Content-Type"] == "image/svg+xml"
    assert text_of(picture).lstrip().startswith("<svg")


def model_zip(folder: Path, **changes: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(f"model/{path.name}", changes.get(path.stem, path.read_bytes()))
    return out.getvalue()


def test_a_model_of_ones_own_is_drawn(tmp_path: Path) -> None:
    review = make_review(area_code="E06000058", area="Bournemouth, Christchurch and Poole")
    client = client_of(lead_of(review))
    assert "Use the packaged model" not in text_of(client.get(page_of(review, "map/")))
    copy_new_model(tmp_path / "mine")
    to_excel(tmp_path / "mine", tmp_path / "mine.xlsx")
    for name, content in (
        ("mine.zip", model_zip(tmp_path / "mine")),
        ("mine.xlsx", (tmp_path / "mine.xlsx").read_bytes()),
    ):
        file = SimpleUploadedFile(name, content)
        job = make(client, page_of(review, "map/make/"), file=file)
        assert job.status == "done", (job.message, job.faults)
    assert client.get(page_of(review, "map/picture.svg")).status_code == 200


def test_faults_of_a_model_are_told(review: models.Review, client: Client, tmp_path: Path) -> None:
    copy_new_model(tmp_path / "mine")
    services = (tmp_path / "mine" / "services.csv").read_bytes() + b"strange,row\n"
    content = model_zip(tmp_path / "mine", services=services)
    job = make(client, page_of(review, "map/make/"), file=SimpleUploadedFile("m.zip", content))
    page = text_of(client.get(f"/jobs/{job.pk}/"))

    assert job.status == "failed"
    assert "services.csv" in page
    assert client.get(page_of(review, "map/picture.svg")).status_code == 404


def test_a_model_must_be_chosen(review: models.Review, client: Client) -> None:
    answer = client.post(page_of(review, "map/make/"))

    assert answer.status_code == 400
    assert "Choose a file." in text_of(answer)


# --------------------------------------------------------------------------- measures


def zip_of(**files: bytes) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return SimpleUploadedFile("measures.zip", out.getvalue())


FLOWS = b"from,to,per_day\nacute,home,2.5\n"


def test_measures_are_kept(review: models.Review, client: Client) -> None:
    sent = {"name": "winter_2017", "file": zip_of(flows=b"\xef\xbb\xbf" + FLOWS)}
    assert client.post(page_of(review, "measures/"), sent).status_code == 302
    kept = models.Measures.objects.get()

    assert kept.tables == {"flows.csv": FLOWS.decode()}
    assert "flows.csv" in text_of(client.get(page_of(review, "measures/")))
    event = load_events(review)[-1]
    assert (event.action, event.table, event.record) == ("added", "measures", "winter_2017")
    again = client.post(page_of(review, "measures/"), {**sent, "file": zip_of(flows=FLOWS)})
    assert again.status_code == 400
    assert "There are measures of this name" in text_of(again)


@pytest.mark.parametrize(
    ("name", "files", "told"),
    [
        ("Winter 2017", {"flows": FLOWS}, "may have small letters"),
        ("winter", {"flows of people": FLOWS}, "letters a to z"),
        ("winter", {"flows": b"\xff\xfe\x00"}, "no CSV file in UTF-8"),
        ("winter", {"flows": b"from,to\n"}, "no row under its header"),
        ("winter", {"flows": b"from,to\na,b,c\n"}, "It has 3 cells; the header has 2."),
        ("winter", {"flows": b"from,to\na,\x00\n"}, "NUL"),
    ],
)
def test_measures_that_cannot_be_kept_are_told(
    review: models.Review, client: Client, name: str, files: dict[str, bytes], told: str
) -> None:
    sent = {"name": name, "file": zip_of(**files)}
    answer = client.post(page_of(review, "measures/"), sent)

    assert answer.status_code == 400
    assert told in text_of(answer)
    assert not models.Measures.objects.exists()
