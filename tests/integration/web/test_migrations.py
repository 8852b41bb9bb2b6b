"""Changes of the tables: none is missing, and ours can be taken back."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.helpers.served import environ_of


@pytest.mark.django_db
def test_no_change_of_a_model_lacks_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_sites_changes_can_be_taken_back(tmp_path: Path) -> None:
    environ = {**environ_of(tmp_path), "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings"}

    def migrate(*words: str) -> None:
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", *words]
        subprocess.run(command, env=environ, check=True)

    migrate("audit")
    migrate("audit", "zero")
    migrate("audit")
    with sqlite3.connect(tmp_path / "wholesystem.sqlite3") as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    database.close()
    assert {name for (name,) in found} >= {
        "audit_siteevent_no_update",
        "audit_siteevent_no_delete",
    }
