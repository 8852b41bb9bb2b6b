"""Programs that run within a workspace of their own: another process, another database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.helpers.served import environ_of

SET_UP = """
import sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def run_in_workspace(
    folder: Path, program: str, *words: str, code: int = 0, **settings: str
) -> str:
    """What a program printed that ran in the workspace of a data folder, its tables made."""
    environ = {
        **environ_of(folder, **settings),
        "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", SET_UP + program, *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stdout.strip()
