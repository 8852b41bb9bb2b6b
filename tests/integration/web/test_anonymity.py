"""With everything that is kept in hand, nobody can tell who said what.

The attacker has the workspace's database with the names of those invited, the files of answers,
the log, the site's audit, times of files, and a backup; not the sheet of links, which is kept
nowhere. Everybody answers in the order in which they were invited, the worst that can happen. Each
attack is first shown to find its leak where there is one.
"""

from __future__ import annotations

import io
import json
import logging
import re
import time
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from scipy.stats import spearmanr

from tests.helpers.accounts import client_of, make_person
from tests.helpers.answering import answer_all, fill_first, links_of, open_one
from wholesystem.reviews.feedback.answers import check_part, make_sheet
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers
from wholesystem.web.answers import forgetting, limits
from wholesystem.web.answers.envelopes import Draft, find_link, new_code, save_draft, send
from wholesystem.web.answers.forgetting import forget_all, forget_order, forget_soon
from wholesystem.web.answers.linking import split_token
from wholesystem.web.answers.store import closed_path, connected, digest_of, open_path
from wholesystem.web.backup.writing import write_backup
from wholesystem.web.logs import JsonLines

pytestmark = pytest.mark.django_db

PEOPLE = 200
MARK = "marker{:04d}x"
# Of 200 in random order a rank correlation beyond this comes once in a million tries.
MOST_CORRELATION = 0.35


def order_found(text: bytes) -> list[int]:
    """Which respondents' marks stand in some bytes, in the order of their places."""
    found = re.findall(rb"marker(\d{4})x", text)
    return list(dict.fromkeys(int(one) for one in found))


def attack_by_order(found: Sequence[int]) -> float:
    """How well the order of answers tells the order of people: 1 is all."""
    if len(found) < 3:
        return 0.0
    return abs(float(spearmanr(range(len(found)), found).statistic))


def attack_by_key(people: str, answered: str, told: Iterable[str]) -> set[str]:
    """Long words that stand on both sides and are not told to everybody."""
    words = [set(re.findall(r"[A-Za-z0-9_-]{8,}", one)) for one in (people, answered)]
    return (words[0] & words[1]) - set(told)


# An ISO time, or seconds since 1970; not digits within a longer word of random letters.
TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|(?<![0-9A-Za-z+/_-])1[5-9]\d{8}(?:\.\d+)?(?![0-9A-Za-z+/=_-])"
)


@pytest.fixture(autouse=True)
def workspace(settings: Any, tmp_path: Path) -> None:
    settings.DATA_FOLDER = tmp_path
    settings.MEDIA_ROOT = tmp_path / "documents"
    for limit in (limits.guesses, limits.guesses_of_all, limits.new_envelopes):
        limit.forget()


@pytest.fixture
def log() -> Iterable[io.StringIO]:
    """What a workspace writes into its log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("wholesystem")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield stream
    logger.removeHandler(handler)
    logger.setLevel(level)


def comment_of(instrument: str) -> str:
    return next(one.question for one in read_instrument(instrument).asked if one.kind == "text")


def all_answer(key: str, links: Sequence[str]) -> None:
    """Everybody, in the order in which they were invited."""
    question = comment_of("discharge_information_flow")
    asked = read_instrument("discharge_information_flow")
    role = asked.roles[0].role
    for at, link in enumerate(links):
        found = find_link(link.split("/")[2], timezone.localdate())
        said = {
            one.question: asked.values_of(one.question)[0].value
            for one in asked.asked
            if one.required == "yes"
        } | {question: f"It is {MARK.format(at)} here"}
        kept, _ = check_part(asked, role, said, 1)
        code = new_code()
        assert save_draft(found, code, Draft(role, "", kept)) == "ready"
        assert send(found, code, make_sheet(asked, role, kept)) == "sent"


def files_of(key: str) -> bytes:
    """All bytes of a tool's files."""
    folder = open_path(key).parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob(f"{key}*")))


def test_an_attack_by_order_finds_an_order() -> None:
    told = json.dumps([{"comment": MARK.format(at)} for at in range(PEOPLE)]).encode()
    assert attack_by_order(order_found(told)) == 1.0
    mixed = [(at * 73 + 11) % PEOPLE for at in range(PEOPLE)]
    assert attack_by_order(mixed) < MOST_CORRELATION


def test_an_attack_by_time_finds_a_time() -> None:
    for text in ('{"at": "2026-11-27T18:40"}', '{"at": 1764268800.5}', "at 2026-11-27 18:40:01"):
        assert TIME.search(text)


def test_an_attack_by_key_finds_a_key() -> None:
    token = "k7qm2x9fp4vn8wdz"
    people = f'{{"name": "Ann Other", "link": "{digest_of(token)}"}}'
    answered = f'{{"link": "{digest_of(token)}", "comment": "It is so"}}'
    assert attack_by_key(people, answered, ()) == {digest_of(token)}


def test_order_and_keys_lead_nowhere_while_the_tool_is_open(tmp_path: Path) -> None:
    make_person()
    key = open_one()
    links = links_of(key, PEOPLE)
    all_answer(key, links)
    forget_order(key)  # by itself at most a minute later; see below

    with connected(key) as file:
        rows = file.execute("SELECT * FROM sent").fetchall()
        assert len(rows) == PEOPLE
        asked = "".join(str(tuple(row)) for row in rows).encode()
        # The rows' order, their bytes' order in the file, and that of the digests of their links.
        assert attack_by_order(order_found(asked)) < MOST_CORRELATION
        assert attack_by_order(order_found(files_of(key))) < MOST_CORRELATION
        kept = [row["hash"] for row in file.execute("SELECT hash FROM links")]
        made = [digest_of(split_token(one.split("/")[2])[1]) for one in links]
        assert sorted(kept) == sorted(made)
        assert attack_by_order([made.index(one) for one in kept]) < MOST_CORRELATION
        # Nothing of a sent row stands in a link's or an envelope's.
        others = [
            str(tuple(row))
            for table in ("links", "envelopes")
            for row in file.execute(f"SELECT * FROM {table}")
        ]
        for name in ("rowid", "oid", "_rowid_"):
            with pytest.raises(Exception, match="no such column"):
                file.execute(f"SELECT {name} FROM sent")
    allowed = set(
        re.findall(r"[A-Za-z0-9_-]{8,}", str(read_instrument("discharge_information_flow")))
    )
    assert attack_by_key("".join(others), asked.decode(), allowed) == set()
    assert TIME.search(files_of(key).decode("latin-1")) is None


def few_answer() -> str:
    """Key of a tool with so few answers that they lie in one page of the file, newest first."""
    make_person()
    key = open_one()
    all_answer(key, links_of(key, 4))
    assert order_found(files_of(key)) == [3, 2, 1, 0], "the attack finds what SQLite leaves"
    return key


def lies_by_key(key: str) -> bool:
    """Whether answers lie in the file as their random keys say, and so as nothing else does."""
    with connected(key) as file:
        rows = file.execute("SELECT content FROM sent ORDER BY id DESC").fetchall()
    return order_found(files_of(key)) == order_found("".join(row[0] for row in rows).encode())


def test_the_order_of_the_last_answers_is_forgotten_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of all of them, and not only until the first came: the file is written anew afterwards."""
    monkeypatch.setattr(forgetting, "FORGET_SECONDS", 3600.0)
    key = few_answer()
    forgetting._waiting.clear()
    monkeypatch.setattr(forgetting, "FORGET_SECONDS", 0.2)
    forget_soon(key)
    forget_soon(key)
    end = time.monotonic() + 20
    while not lies_by_key(key) and time.monotonic() < end:
        time.sleep(0.1)
    assert lies_by_key(key)


def test_a_start_forgets_what_a_stop_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "FORGET_SECONDS", 3600.0)
    key = few_answer()
    forget_all()
    assert lies_by_key(key)
    forgetting._waiting.clear()


def test_order_and_keys_lead_nowhere_once_it_is_closed(tmp_path: Path) -> None:
    make_person()
    key = open_one()
    links = links_of(key, PEOPLE)
    all_answer(key, links)
    answers.close_tool(key)

    assert [path.name for path in open_path(key).parent.iterdir()] == [f"{key}.json"]
    text = closed_path(key).read_text("utf-8")
    assert attack_by_order(order_found(text.encode())) < MOST_CORRELATION
    # Not even the sheet of links helps: nothing is left that it could be held against.
    for link in links:
        secret = split_token(link.split("/")[2])[1]
        assert secret not in text
        assert digest_of(secret) not in text
    assert TIME.search(text) is None


@pytest.mark.parametrize("closed", [False, True])
def test_a_backup_tells_no_more(closed: bool, tmp_path: Path) -> None:
    make_person()
    key = open_one()
    links = links_of(key, PEOPLE)
    all_answer(key, links)
    if closed:
        answers.close_tool(key)
    target = tmp_path / "backup.zip"
    write_backup(target)

    with zipfile.ZipFile(target) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    (kept,) = [text for name, text in texts.items() if name.startswith("answers/")]
    workspace = "".join(text for name, text in texts.items() if not name.startswith("answers/"))
    assert attack_by_order(order_found(kept.encode())) < MOST_CORRELATION
    assert not order_found(workspace.encode())
    assert TIME.search(kept) is None
    for link in links:
        secret = split_token(link.split("/")[2])[1]
        assert secret not in kept + workspace
        assert digest_of(secret) not in workspace
    # A row of what was sent names nothing that another row of the backup names.
    if not closed:
        rows = [json.loads(line) for line in kept.splitlines()]
        sent = {row[1] for row in rows if row[0] == "sent"}
        others = json.dumps([row for row in rows if row[0] != "sent"])
        assert len(sent) == PEOPLE
        assert not [one for one in sent if one in others]


def test_the_log_and_the_workspace_tell_nothing_of_who_answers(
    log: io.StringIO, tmp_path: Path
) -> None:
    """Not even of somebody who is signed in and answers in the same browser."""
    user = make_person()
    key = open_one()
    (link,) = links_of(key)
    client = client_of(user)
    before = dict(client.session.items())
    answer_all(client, link, {comment_of("discharge_information_flow"): "It is good"})

    told = log.getvalue()
    assert "/answer/<str:token>/" in told
    lines = [json.loads(line) for line in told.splitlines()]
    assert {line["user"] for line in lines if line.get("route", "").startswith("/answer/")} == {
        None
    }
    token = link.split("/")[2]
    for secret in (token, split_token(token)[1], key, "127.0.0.1", "It is good"):
        assert secret not in told
    assert dict(client.session.items()) == before
    target = tmp_path / "backup.zip"
    write_backup(target)
    with zipfile.ZipFile(target) as archive:
        workspace = "".join(
            archive.read(name).decode("utf-8")
            for name in archive.namelist()
            if not name.startswith("answers/")
        )
    assert token not in workspace
    assert "It is good" not in workspace


def test_a_respondents_browser_holds_one_code_that_fits_one_link() -> None:
    make_person()
    key = open_one()
    one, two = links_of(key, 2)
    client = Client()
    client.post(one)
    (cookie,) = [value for name, value in client.cookies.items() if name.startswith("wholesystem")]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (one, True, "Lax")
    assert "sessionid" not in client.cookies
    assert "wholesystem_session" not in client.cookies
    assert find_link(two.split("/")[2], timezone.localdate()).state == "ready"


def test_what_is_part_done_cannot_be_read_with_the_file_and_the_link() -> None:
    make_person()
    key = open_one()
    (link,) = links_of(key)
    client = Client()
    begun = client.post(link, follow=True)
    for _ in range(4):
        path = begun.redirect_chain[-1][0]
        page = begun.content.decode("utf-8")
        question = comment_of("discharge_information_flow")
        begun = client.post(
            path, fill_first(page, {question: MARK.format(7)}) | {"go": "on"}, follow=True
        )
    assert not order_found(files_of(key))
