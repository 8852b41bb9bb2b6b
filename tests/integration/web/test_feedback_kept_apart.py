"""With the workspace's database, its log and a backup in hand: no link, no answer, no join.

What the store of answers holds is attacked elsewhere; here is what the lead's side holds.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.programs import run_in_workspace

NAMES = [f"Person {letter}{letter}" for letter in "QWERTYUIOP"]
COMMENTS = [f"Comment zx{number}qj about beds." for number in range(10)]
NAMED = "Dr Susan Smith on 07700 900123 never rings back."

#: A tool from its making to its closing; prints what was secret, and all that is kept before it
#: closes and after.
STORY = """
import json, logging
from datetime import timedelta
from django.db import connection, transaction
from django.utils import timezone
from tests.helpers.feedback_tools import answer, open_tool
from tests.helpers.workspace import lead_of, make_review
from wholesystem.web.feedback import actions, clearing, inviting, store
from wholesystem.web.feedback.models import Tool
from wholesystem.web.workspace.actions.sources import save_organisation
names, comments, named = json.loads(sys.argv[1])
review = make_review()
by = lead_of(review)
save_organisation(review=review, by=by, values={"name": "Trust"})
tool = open_tool(review)
made = inviting.make_links(
    review=review, by=by, code="T01",
    wanted=inviting.Wanted(("trust",), "nurse", "single", len(names), tuple(names),
                           timezone.localdate(), "0" * 32),
)
for text in [*comments, named]:
    answer(tool, "nurse", {"came": "yes", "why": text, "on_time": "half"}, organisation="trust")

def every_row():
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += [f"{table}: {row!r}" for row in cursor.fetchall()]
    return rows

before = every_row()
actions.close_tool(review=review, by=by, code="T01")
(held,) = store.held_comments(Tool.objects.get())
clearing.clear_comment(review=review, by=by, code="T01", comment=held.comment, text="Nobody rings.")
print(json.dumps({"tokens": made[0].tokens, "before": before, "after": every_row()}))
"""


def digests(token: str) -> list[str]:
    """What somebody might keep of a link in place of it."""
    secret = token.partition("-")[2]
    return [
        hashlib.new(name, text.encode()).hexdigest()
        for name in ("sha256", "sha1", "md5", "blake2b")
        for text in (token, secret)
    ]


@pytest.fixture
def told(tmp_path: Path, database: str) -> dict[str, Any]:
    settings: Any = {"DATABASE": database} if database else {}
    settings["LOG_FILE"] = str(tmp_path / "log.jsonl")
    settings["LOG_LEVEL"] = "DEBUG"
    words = json.dumps([NAMES, COMMENTS, NAMED])
    found: dict[str, Any] = json.loads(
        run_in_workspace(tmp_path / "data", STORY, words, **settings).splitlines()[-1]
    )
    log = tmp_path / "log.jsonl"
    found["log"] = log.read_text("utf-8") if log.exists() else ""
    program = """
from wholesystem.web.backup.writing import write_backup
write_backup(Path(sys.argv[1]))
"""
    run_in_workspace(tmp_path / "data", program, str(tmp_path / "backup.zip"), **settings)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        found["backup"] = {
            name: archive.read(name).decode("utf-8", "replace")
            for name in archive.namelist()
            if name.startswith("tables/")
        }
    return found


def test_no_link_no_answer_and_no_join(told: dict[str, Any]) -> None:
    before, after = told["before"], told["after"]
    assert len(told["tokens"]) == len(NAMES)
    assert len(after) > 20
    assert len(told["backup"]) > 20

    everything = [*before, *after, told["log"], *told["backup"].values()]
    for token in told["tokens"]:
        for text in (token, token.partition("-")[2], *digests(token)):
            assert [one[:80] for one in everything if text in one] == []
    for text in (*COMMENTS, NAMED, "Susan", "07700", "Nobody rings"):
        assert [one[:80] for one in everything if text in one] == []

    # Names stand in one table, in the order of the alphabet, and in none once it is closed.
    holding = [row for row in before if NAMES[0] in row]
    assert [row.partition(":")[0] for row in holding] == ["feedback_invitednames"]
    places = [holding[0].index(name) for name in sorted(NAMES)]
    assert places == sorted(places)
    for text in (*after, told["log"], *told["backup"].values()):
        assert [name for name in NAMES if name in text] == []

    # Nothing tells how many links were used, or when: the rows of the tool and of its links are
    # what they were before anybody answered, but for closing.
    links = [row for row in after if row.startswith("feedback_invited:")]
    assert links == [row for row in before if row.startswith("feedback_invited:")]
