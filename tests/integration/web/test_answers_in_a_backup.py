"""Answers in a backup, and put back: open tools go on, closed ones are as they were."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.helpers.accounts import make_person
from tests.helpers.answering import answer_all, links_of, open_one
from tests.helpers.served import run_command
from wholesystem.errors import OurFault
from wholesystem.web import answers
from wholesystem.web.answers.keeping import kept_files, put_back, take_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def workspace(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path / "here"
    settings.DATA_FOLDER.mkdir()
    make_person()


def half_way() -> tuple[str, str, list[str], Client]:
    """A closed tool, an open one with answers, its links, and somebody who is half way."""
    closed = open_one()
    for link in links_of(closed, 5):
        answer_all(Client(), link)
    answers.close_tool(closed)
    key = open_one()
    links = links_of(key, 4)
    answer_all(Client(), links[0])
    client = Client()
    answer_all(client, links[1], send=False)
    return closed, key, links, client


def content() -> dict[str, bytes]:
    return {name: b"".join(blocks) for name, blocks in kept_files()}


def test_what_is_put_back_goes_on_where_it_was(settings: Any, tmp_path: Path) -> None:
    closed, key, links, client = half_way()
    kept = content()
    assert sorted(name.partition(".")[2] for name in kept) == ["json", "jsonl"]
    sheets = answers.sheets(closed)
    answer_all(Client(), links[3])  # after the backup, and lost by going back to it

    stage = tmp_path / "here" / "stage"
    stage.mkdir()
    for name, text in kept.items():
        path = tmp_path / "text"
        path.write_bytes(text)
        with path.open("rb") as file:
            put_back(name, file, stage)
    aside = take_place(stage, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))

    assert aside is not None
    assert aside.name == "answers.before-20260102-030405"
    assert content() == kept
    assert answers.sheets(closed) == sheets
    assert client.post(f"{links[1]}check/")["Location"] == f"{links[1]}thanks/"
    assert "sent already" in Client().get(links[0]).content.decode()
    answer_all(Client(), links[2])
    answer_all(Client(), links[3])
    answers.close_tool(key)
    assert len(answers.sheets(key)) == 4


def test_the_commands_keep_answers_and_put_them_back(settings: Any, tmp_path: Path) -> None:
    folder = settings.DATA_FOLDER
    assert run_command(folder, "workspace", "migrate").returncode == 0
    half_way()
    kept = content()
    target = tmp_path / "backup.zip"
    made = run_command(folder, "workspace", "backup", str(target))
    assert made.returncode == 0, made.stderr
    with zipfile.ZipFile(target) as archive:
        names = [name for name in archive.namelist() if name.startswith("answers/")]
    assert len(names) == 2

    empty = tmp_path / "empty"
    done = run_command(empty, "workspace", "restore", str(target))
    assert done.returncode == 0, done.stderr
    settings.DATA_FOLDER = empty
    assert content() == kept


def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"")
    for name in ("../x.json", "short.json", "g" * 32 + ".json"):
        with path.open("rb") as file, pytest.raises((ValueError, OurFault)):
            put_back(name, file, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"here", "text"}
