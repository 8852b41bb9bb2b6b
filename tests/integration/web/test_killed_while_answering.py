"""Power fails while many people answer a feedback tool: what was acknowledged is there, once.

A server of its own is killed (SIGKILL, as nothing can catch) in the middle of it, on SQLite and on
PostgreSQL. Then the tool is closed on the same data, and that is killed too.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.helpers.answering import fill_first, links_of, open_one
from tests.helpers.reader import Reader
from tests.helpers.served import environ_of, served
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.web import answers
from wholesystem.web.answers.envelopes import find_link, read_draft
from wholesystem.web.answers.store import closed_path, open_path

PASSWORD = "a long and quiet sentence"
INSTRUMENT = "discharge_information_flow"
PEOPLE, SECONDS = 6, 8.0
CODE = "wholesystem_answer"


class Crowd:
    """People who answer one after another, and what the server said that it had taken."""

    def __init__(self, address: str, links: list[str]) -> None:
        self.address = address
        self.links = list(links)
        self.texts = [one.question for one in read_instrument(INSTRUMENT).asked
                      if one.kind == "text"]  # fmt: skip
        self.sent: list[str] = []
        self.begun: dict[str, tuple[str, set[str]]] = {}
        self.lock = threading.Lock()

    def answer_until_it_dies(self) -> None:
        while True:
            with self.lock:
                link = self.links.pop()
            try:
                self.answer(link)
            except (OSError, RuntimeError):
                return

    def answer(self, link: str) -> None:
        """Answer by a link; note each save and the sending once the server has told of it."""
        reader = Reader(self.address)
        page = reader.get(link)
        mark = f"mark{link[-17:-1]}"
        said: set[str] = set()
        for _ in range(30):
            form = page.form("csrfmiddlewaretoken")
            given = {} if page.address.endswith(link) else fill_first(
                page.text, dict.fromkeys(self.texts, mark)
            )  # fmt: skip
            page = reader.send(form, **given)
            assert page.status == 200, page.text
            said |= {name for name in given if name in read_instrument(INSTRUMENT).question_by_id}
            with self.lock:
                if page.address.endswith("/thanks/"):
                    self.begun.pop(link, None)
                    self.sent.append(mark)
                    return
                if CODE in reader.cookies and said:
                    self.begun[link] = (reader.cookies[CODE], set(said))
        raise AssertionError("The pages have no end.")


def marks_of(sheets: Any) -> list[str]:
    found = (re.search(r"mark[a-z2-7]{16}", str(dict(one.answers))) for one in sheets)
    return [one[0] for one in found if one]


def test_what_was_acknowledged_is_there_after_a_kill(
    tmp_path: Path, database: str, settings: Any
) -> None:
    settings.DATA_FOLDER = tmp_path
    with served(tmp_path, "--no-example", DATABASE=database) as running:
        Reader(running.address).create_first_account(running.code, PASSWORD)
        key = open_one(INSTRUMENT)
        links = links_of(key, 900)
        crowd = Crowd(running.address, links)
        people = [threading.Thread(target=crowd.answer_until_it_dies) for _ in range(PEOPLE)]
        for one in people:
            one.start()
        time.sleep(SECONDS)
        running.process.kill()
        for one in people:
            one.join(60)

    assert len(crowd.sent) > PEOPLE
    for link, (code, said) in crowd.begun.items():
        found = find_link(link.split("/")[2], timezone.localdate())
        if found.state == "used":  # sent, and killed before it was told
            continue
        draft = read_draft(found, code)
        assert draft is not None
        assert said <= set(draft.answers)
    close_and_kill(tmp_path, key)
    left = open_path(key).with_name(f".{key}.0123abcd.json")  # as a kill within a write leaves it
    left.write_text("{}")
    answers.close_tool(key)
    assert list(left.parent.iterdir()) == [closed_path(key)]
    kept = marks_of(answers.sheets(key))
    assert len(kept) == len(set(kept)) == len(answers.sheets(key))
    assert set(crowd.sent) <= set(kept)
    # At most what each had sent and not yet heard of.
    assert len(kept) <= len(crowd.sent) + PEOPLE


def close_and_kill(folder: Path, key: str) -> None:
    """Close the tool in processes that are killed at ever later moments, until one comes through.

    After each, the tool is still whole: its old file, its new one, or both.
    """
    program = (
        "import os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'wholesystem.web.settings'\n"
        "django.setup()\n"
        "from wholesystem.web import answers\n"
        "print('ready', flush=True)\n"
        "answers.close_tool(sys.argv[1])\n"
    )
    for turn in range(40):
        process = subprocess.Popen(
            [sys.executable, "-c", program, key],
            env=environ_of(folder),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(turn * 0.01)
        process.kill()
        process.wait()
        process.stdout.close()
        assert open_path(key).exists() or closed_path(key).exists()
        if not open_path(key).exists():
            return
    raise AssertionError("The tool was never closed.")
