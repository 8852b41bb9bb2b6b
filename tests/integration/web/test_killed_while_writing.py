"""Power fails while people write and while a review is brought in: what was acknowledged is there.

A server of its own is killed (SIGKILL, as nothing can catch) in the middle of it, on SQLite and on
PostgreSQL, and started again on the same data.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

from tests.helpers.reader import Reader
from tests.helpers.served import environ_of, run_command, served

PASSWORD = "a long and quiet sentence"
WRITERS, SECONDS = 4, 3.0
HOME = "/reviews/oxfordshire_2017/"


def ask(folder: Path, database: str, program: str) -> str:
    """What a program prints that reads the workspace's tables directly."""
    begin = (
        "import os, django, json\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'wholesystem.web.settings'\n"
        "django.setup()\n"
        "from wholesystem.web.workspace import models\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", begin + program],
        env=environ_of(folder, DATABASE=database),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_until_it_dies(reader: Reader, number: int, acknowledged: list[str]) -> None:
    """Add evidence after evidence; note the text of each that the server said it had saved."""
    form = reader.get(f"{HOME}evidence/add/").form("text")
    source = next(value for value in form.fields["source"].values if value)
    for turn in range(10_000):
        text = f"writer {number} turn {turn}"
        try:
            answer = reader.send(form, source=source, text=text, form="paraphrase", shows="concern")
        except (OSError, RuntimeError):
            return
        if answer.status == 200 and text in answer.text and "/evidence/E" in answer.address:
            acknowledged.append(text)


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path, database: str) -> None:
    acknowledged: list[str] = []
    with served(tmp_path, DATABASE=database) as running:
        reader = Reader(running.address)
        reader.create_first_account(running.code, PASSWORD)
        writers = [
            threading.Thread(
                target=write_until_it_dies,
                args=(Reader(running.address, dict(reader.cookies)), number, acknowledged),
            )
            for number in range(WRITERS)
        ]
        for one in writers:
            one.start()
        time.sleep(SECONDS)
        running.process.kill()
        for one in writers:
            one.join(60)

    assert len(acknowledged) > WRITERS
    kept = json.loads(
        ask(
            tmp_path,
            database,
            "print(json.dumps(list(models.Evidence.objects.filter("
            "text__startswith='writer').values_list('text', flat=True))))",
        )
    )
    assert set(acknowledged) <= set(kept)
    # At most what each writer had sent and not yet heard of.
    assert len(kept) <= len(acknowledged) + WRITERS
    assert len(kept) == len(set(kept))
    verified = run_command(tmp_path, "workspace", "verify-audit", DATABASE=database)
    assert verified.returncode == 0, verified.stderr
    with served(tmp_path, is_new=False, DATABASE=database) as running:
        reader = Reader(running.address)
        reader.sign_in("lee@example.org", PASSWORD)
        assert acknowledged[-1] in reader.get(f"{HOME}search/?q={quote(acknowledged[-1])}").text
