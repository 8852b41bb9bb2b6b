"""Frameworks: seen by everyone, brought by administrators, with every fault told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.helpers.browsing import client_of, text_of
from tests.helpers.workspace import lead_of, make_review, make_user, small_framework
from wholesystem.reviews.frameworks import packaged_frameworks, read_framework, write_framework
from wholesystem.web.workspace import models
from wholesystem.web.workspace.example import load_frameworks

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Any:
    return make_user(administrator=True)


def as_zip(folder: Path, inside: str = "", **changes: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.iterdir()):
            data = changes.pop(path.stem, path.read_bytes())
            archive.writestr(inside + path.name, data)
        for name, data in changes.items():
            archive.writestr(inside + name, data)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "framework"
    write_framework(small_framework("mine"), out)
    return out


def bring(who: Any, name: str, content: bytes) -> Any:
    return client_of(who).post("/frameworks/add/", {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("inside", ["", "my framework/"])
def test_a_zip_of_tables_is_brought(administrator: Any, folder: Path, inside: str) -> None:
    answer = bring(administrator, "Mine.ZIP", as_zip(folder, inside))

    assert answer.url == "/frameworks/mine/"
    assert models.Framework.objects.get().added_by == administrator
    page = text_of(client_of(make_user()).get("/frameworks/mine/"))
    assert "Illustrative." in page
    assert "How long do ambulances wait to hand over?" in page


def test_a_workbook_is_brought(administrator: Any, tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    write_framework(small_framework("mine"), path)

    assert bring(administrator, "mine.xlsx", path.read_bytes()).url == "/frameworks/mine/"


def test_every_fault_stands_in_a_table(administrator: Any, folder: Path) -> None:
    questions = (folder / "questions.csv").read_bytes()
    questions = questions.replace(b",crisis,", b",crises,", 1).replace(b",2,", b",second,")
    answer = bring(administrator, "mine.zip", as_zip(folder, questions=questions))
    page = text_of(answer)

    assert answer.status_code == 400
    assert page.count('<tr class="nhsuk-table__row">') >= 2
    for told in ("questions.csv", "order", "second", "crises", "What to do", "<title>Error: "):
        assert told in page
    assert not models.Framework.objects.exists()


def test_another_of_the_same_id_is_refused(administrator: Any, folder: Path) -> None:
    assert bring(administrator, "mine.zip", as_zip(folder)).status_code == 302
    assert bring(administrator, "mine.zip", as_zip(folder)).status_code == 302
    areas = (folder / "areas.csv").read_bytes().replace(b"Crisis", b"In a crisis")
    answer = bring(administrator, "mine.zip", as_zip(folder, areas=areas))

    assert answer.status_code == 400
    assert "another framework with the id mine" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"a", "must end in .xlsx or .zip"),
        ("a.zip", b"no zip", "It is no zip, or is damaged."),
        ("a.xlsx", b"no workbook", "a.xlsx"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 50, "a.xlsx"),
    ],
)
def test_what_is_no_framework_is_told(
    administrator: Any, name: str, content: bytes, told: str
) -> None:
    answer = bring(administrator, name, content)

    assert answer.status_code == 400
    assert told in text_of(answer)


@pytest.mark.parametrize(
    "names",
    [
        ["../areas.csv"],
        ["a/areas.csv", "b/questions.csv"],
        ["areas.exe"],
        ["areas.csv", "AREAS.csv"],
        ["<b>.csv"],
        ["areas\x07.csv"],
        [f"t{number}.csv" for number in range(201)],
        [],
    ],
)
def test_a_strange_zip_is_refused(administrator: Any, names: list[str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"area,name\n")
    answer = bring(administrator, "a.zip", out.getvalue())

    assert answer.status_code == 400
    assert not models.Framework.objects.exists()


def test_a_zip_that_grows_is_stopped(administrator: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("areas.csv", b"\x00" * 60_000_000)
    answer = bring(administrator, "a.zip", out.getvalue())

    assert "Unpacked it is larger than 50 MB" in text_of(answer)


def test_only_administrators_bring_one(folder: Path) -> None:
    assert bring(lead_of(make_review()).user, "mine.zip", as_zip(folder)).status_code == 403


def test_packaged_ones_are_listed(django_assert_max_num_queries: Any) -> None:
    load_frameworks()
    load_frameworks()
    client = client_of(make_user())
    with django_assert_max_num_queries(10):
        page = text_of(client.get("/frameworks/"))

    for name in packaged_frameworks():
        assert read_framework(name).info.name in page
        assert client.get(f"/frameworks/{name}/").status_code == 200
    assert client.get("/frameworks/none/").status_code == 404
