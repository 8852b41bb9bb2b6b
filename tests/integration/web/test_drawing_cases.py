"""Cases drawn within the workspace, and samples that were drawn elsewhere."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.helpers.browsing import client_of
from tests.helpers.workspace import lead_of, make_member, make_review
from wholesystem import cli
from wholesystem.reviews import cases as domain
from wholesystem.stays import read_stays, write_stays
from wholesystem.web.workspace import jobs, models
from wholesystem.web.workspace.rows import load_review

pytestmark = pytest.mark.django_db(transaction=False)

HEADER = "person,stay,service,requested_at,started_at,ready_at,ended_at,next_service,reason\n"
STAYS = HEADER + "".join(
    f"p{n},1,ward,,2017-01-0{n}T08:00,2017-01-0{n}T12:00,2017-01-2{n}T08:00:01.5,home,E\n"
    f"p{n},2,home,,2017-01-2{n}T08:00:01.5,,,,\n"
    for n in range(1, 7)
)
STRATA = """stratum,label,rule,cases,days,source
late/up,Long delay,long_delay,3,7,test
ordinary,Ordinary,ordinary,1,,test
"""


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


def upload(text: str | bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def draw(client: Client, review: models.Review, **sent: Any) -> models.Job:
    """What is sent, and what became of it."""
    told = {"how": "draw", "seed": "3", **sent}
    answer = client.post(f"/reviews/{review.code}/cases/draw/", told)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    (job,) = models.Job.objects.filter(kind="cases", status="waiting")
    jobs.run_job.call(job.pk)
    job.refresh_from_db()
    return job


def sample(folder: Path, stays: str = STAYS, seed: int = 3, spells: str = "") -> dict[str, bytes]:
    """Files that the command writes."""
    (folder / "s.csv").write_text(stays, "utf-8")
    (folder / "strata.csv").write_text(STRATA, "utf-8")
    words = ["--strata", str(folder / "strata.csv"), "--seed", str(seed), "--out"]
    assert cli.main(["cases", "sample", str(folder / "s.csv"), *words, str(folder / "out")]) == 0
    return {one.name: one.read_bytes() for one in (folder / "out").iterdir()}


def zipped(files: dict[str, bytes], folder: str = "") -> SimpleUploadedFile:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{folder}{name}", data)
    return upload(target.getvalue(), "sample.zip")


def bring(client: Client, review: models.Review, file: SimpleUploadedFile) -> models.Job:
    return draw(client, review, how="sample", file=file)


def test_cases_are_drawn_as_the_command_draws_them(
    client: Client, review: models.Review, tmp_path: Path
) -> None:
    files = sample(tmp_path)
    job = draw(
        client, review, stays=upload(STAYS, "s.csv"), strata=upload(STRATA, "x.csv"),
        concurrent="home; care",
    )  # fmt: skip

    assert job.status == "done"
    assert job.message.splitlines() == [
        "3 cases were added: C01 to C03.",
        "Ordinary: 1 fewer than asked for: no more were eligible.",
    ]
    whole = load_review(review, every=True)
    rows = list(csv.DictReader(files["cases.csv"].decode().splitlines()))
    assert [(one.drawn_as, one.pseudonym) for one in whole.cases] == [
        (row["case"], row["person"]) for row in rows
    ]
    one = whole.cases[0]
    assert (one.stratum, one.why, one.seed, one.synthetic, one.concurrent) == (
        "late/up", "Long delay", 3, "no", "care; home",
    )  # fmt: skip
    assert one.origin == "Drawn by strata with seed 3 from 6 journeys."
    first = [stay for stay in whole.case_stays if stay.case == "C01"]
    assert [(stay.stay, stay.service) for stay in first] == [(1, "ward"), (2, "home")]
    assert first[0].ended_at.endswith("T08:00:01.500000")


@pytest.mark.parametrize("folder", ["", "out/"])
def test_a_sample_of_the_command_is_taken_and_is_not_added_twice(
    folder: str, client: Client, review: models.Review, tmp_path: Path
) -> None:
    files = sample(tmp_path)
    job = bring(client, review, zipped(files, folder))

    assert job.status == "done", job.message
    before = load_review(review, every=True)
    assert [one.case for one in before.cases] == ["C01", "C02", "C03"]
    job = bring(client, review, zipped(files, folder))

    assert job.message.startswith("0 cases were added.\n3 were here already")
    assert load_review(review, every=True).cases == before.cases


def test_a_parquet_file_of_simulated_stays_makes_synthetic_cases(
    client: Client, review: models.Review, tmp_path: Path
) -> None:
    (tmp_path / "s.csv").write_text(STAYS, "utf-8")
    write_stays(read_stays(tmp_path / "s.csv"), tmp_path / "s.parquet")
    job = draw(
        client, review, stays=upload((tmp_path / "s.parquet").read_bytes(), "s.parquet"),
        strata=upload(STRATA, "x.csv"), simulated="on",
    )  # fmt: skip

    assert job.status == "done", job.message
    one = load_review(review, every=True).cases[0]
    assert one.synthetic == "yes"
    assert "synthetic" in one.title
    page = client.get(f"/reviews/{review.code}/cases/C01/").content.decode()
    assert page.count("ynthetic") >= 3


def test_parts_of_delays_come_along(client: Client, review: models.Review) -> None:
    spells = "person,stay,reason,responsible,from,to\n" + "".join(
        f"p{n},1,E,nhs,2017-01-0{n}T12:00,2017-01-1{n}T00:00\n"
        f"p{n},1,F,both,2017-01-1{n}T00:00,2017-01-2{n}T08:00\n"
        for n in range(1, 7)
    )
    job = draw(
        client, review, stays=upload(STAYS, "s.csv"), strata=upload(STRATA, "x.csv"),
        spells=upload(spells, "d.csv"),
    )  # fmt: skip

    assert job.status == "done", job.message
    whole = load_review(review, every=True)
    assert [(one.reason, one.responsible) for one in whole.case_delays if one.case == "C02"] == [
        ("E", "nhs"),
        ("F", "both"),
    ]
    page = client.get(f"/reviews/{review.code}/cases/C01/").content.decode()
    assert "Delays by reason: 2" in page


def test_all_faults_of_a_file_of_stays_are_told_with_their_rows(
    client: Client, review: models.Review
) -> None:
    wrong = HEADER + "".join(f"p{n},1,ward,,2017-13-45,,,,\n" for n in range(200))
    wrong += "9434765919,1,ward,,2017-01-01T00:00,,,,\n"
    strata = STRATA.replace("long_delay,3", "long_dely,3")
    job = draw(client, review, stays=upload(wrong, "s.csv"), strata=upload(strata, "x.csv"))

    assert job.status == "failed"
    places = [one["where"] for one in job.faults]
    assert "strata.csv row 2, column rule" in places
    assert [f"stays.csv row {n}, column started_at" for n in range(2, 202)] == [
        one for one in places if "started_at" in one
    ]
    assert "stays.csv row 202, column person" in places
    assert "9434765919" not in str(job.faults)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "Faults that were found: 202" in page
    assert load_review(review, every=True).cases == ()


HOSTILE = {
    "no table": b"\x00\x01\x02",
    "another alphabet": HEADER.encode() + "p1,1,wärd,,2017-01-01,,,,\n".encode("latin-1"),
    "an open quote": HEADER.encode() + b'p1,1,"ward',
    "a bomb of columns": b",".join(b"c%d" % n for n in range(5000)) + b"\n",
    "a control character": HEADER.encode()
    + b"p1,1,wa\x07rd,,2017-01-01,2017-01-02,2017-02-01,,\n",
    "no rows": HEADER.encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_of_stays_is_refused_in_words(
    name: str, client: Client, review: models.Review
) -> None:
    job = draw(client, review, stays=upload(HOSTILE[name], "s.csv"), strata=upload(STRATA, "x.csv"))

    assert job.status == ("done" if name == "no rows" else "failed"), job.message
    assert "fault of the program" not in job.message
    assert load_review(review, every=True).cases == ()


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + b"\x00" * 100 + b"PAR1", b"hello"])
def test_a_hostile_parquet_file_is_refused_in_words(
    data: bytes, client: Client, review: models.Review
) -> None:
    job = draw(client, review, stays=upload(data, "s.parquet"), strata=upload(STRATA, "x.csv"))

    assert job.status == "failed"
    assert "fault of the program" not in job.message


def test_a_parquet_file_leads_to_no_file_beside_it(
    client: Client, review: models.Review, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    (tmp_path / "s.csv").write_text(STAYS, "utf-8")
    table = read_stays(tmp_path / "s.csv").table
    metadata = {**(table.schema.metadata or {}), b"wholesystem.spells": b"../../../etc/passwd"}
    pq.write_table(table.replace_schema_metadata(metadata), tmp_path / "s.parquet")
    job = draw(
        client, review, stays=upload((tmp_path / "s.parquet").read_bytes(), "s.parquet"),
        strata=upload(STRATA, "x.csv"),
    )  # fmt: skip

    assert job.status == "failed"
    assert "root:" not in job.message
    assert "fault of the program" not in job.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sample.json": b"{"}, "It is no JSON"),
        ({"sample.json": b'{"seed": -1, "people": 3, "concurrent": [], "simulated": false}'},
         "seed is missing, or is not what it must be"),
        ({"sample.json": None}, "It lacks sample.json"),
        ({"stays.csv": None}, "It lacks stays.csv"),
        ({"cases.csv": b"case,person\na,p1\nb,p1\nc,9434765919\nd,p99\n"}, "stands there twice"),
        ({"cases.csv": b"case,person\n"}, "It has no case"),
        ({"extra.exe": b"x"}, "may lie in it"),
    ],
)  # fmt: skip
def test_a_sample_with_faults_is_refused_in_words(
    change: dict[str, bytes | None],
    told: str,
    client: Client,
    review: models.Review,
    tmp_path: Path,
) -> None:
    files = {**sample(tmp_path), **change}
    job = bring(client, review, zipped({n: data for n, data in files.items() if data is not None}))

    assert job.status == "failed"
    assert told in job.message + str(job.faults)
    assert "9434765919" not in str(job.faults)
    assert load_review(review, every=True).cases == ()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose a file of stays."),
        ({"stays": ("s.xlsx", b"x")}, "must end in .csv or .parquet"),
        ({"stays": ("s.csv", b"x"), "seed": "-1"}, "Enter a whole number from 0"),
        ({"stays": ("s.csv", b"x"), "concurrent": "a; a"}, "stands there twice"),
        ({"stays": ("s.csv", b"x"), "strata": ("x.txt", b"x")}, "must end in .csv"),
    ],
)
def test_what_is_asked_wrongly_is_told_on_the_form(
    sent: dict[str, Any], told: str, client: Client, review: models.Review
) -> None:
    files = {n: upload(v[1], v[0]) for n, v in sent.items() if isinstance(v, tuple)}
    answer = client.post(
        f"/reviews/{review.code}/cases/draw/", {"how": "draw", "seed": "1", **sent, **files}
    )

    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not models.Job.objects.exists()


def test_a_published_review_gets_no_case(client: Client, review: models.Review) -> None:
    review.stage = "published"
    review.save()
    answer = client.post(
        f"/reviews/{review.code}/cases/draw/",
        {"how": "draw", "seed": "1", "stays": upload(STAYS, "s.csv")},
    )

    assert answer.status_code == 400
    assert b"stand still" in answer.content


def test_a_job_of_cases_is_seen_by_who_asked_alone(client: Client, review: models.Review) -> None:
    job = draw(client, review, stays=upload(STAYS, "s.csv"), strata=upload(STRATA, "x.csv"))

    other = client_of(make_member(review, "reviewer"))
    assert other.get(f"/jobs/{job.pk}/").status_code == 404
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert f"/reviews/{review.code}/cases/" in page


def test_drawn_cases_are_those_of_the_files(tmp_path: Path) -> None:
    files = sample(tmp_path, STAYS.replace("p1,", "'=p1,"))
    read = domain.read_drawn(tmp_path / "out")
    drawn = domain.draw_cases(
        read_stays(tmp_path / "s.csv"), domain.read_strata(tmp_path / "strata.csv"), 3
    )

    assert files["sample.json"]
    assert (read.seed, read.people, read.simulated, read.notes) == (3, 6, False, drawn.notes)
    assert [(one.case, one.person, one.why) for one in read.cases] == [
        (one.case, one.person, one.why) for one in drawn.cases
    ]
    for one, other in zip(read.cases, drawn.cases, strict=True):
        assert one.stays.to_pylist() == other.stays.to_pylist()


def test_more_cases_than_a_page_can_bear_are_refused(
    client: Client, review: models.Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wholesystem.web.cases.drawing.MOST_CASES", 2)
    job = draw(client, review, stays=upload(STAYS, "s.csv"), strata=upload(STRATA, "x.csv"))

    assert job.status == "failed"
    assert job.faults[0]["rule"] == "It has 3 cases; at most 2 are added at once."


def test_a_journey_of_very_many_stays_is_refused_in_words(
    client: Client, review: models.Review
) -> None:
    many = HEADER + "".join(
        f"p1,{n},ward,,2017-01-01T00:00,2017-01-01T00:00,{end},,E\n"
        for n in range(1, 1003)
        if (end := "2017-01-01T00:00" if n < 1002 else "2017-01-20T00:00")
    )
    job = draw(client, review, stays=upload(many, "s.csv"), strata=upload(STRATA, "x.csv"))

    assert job.status == "failed"
    assert job.faults[0]["rule"] == "It must be at least 1 and at most 1000."
