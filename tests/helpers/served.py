"""The workspace as its command serves it, in a process and a data folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 60


@dataclass
class Served:
    """A running workspace: its address, the code for the first account, and its log."""

    address: str
    code: str
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)


def environ_of(folder: Path, **settings: str) -> dict[str, str]:
    """Environment of a command with these settings and no others."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("WHOLESYSTEM_") and name != "DJANGO_SETTINGS_MODULE"
    }
    ours = {f"WHOLESYSTEM_{name}": value for name, value in settings.items()}
    return {**kept, "WHOLESYSTEM_DATA_FOLDER": str(folder), **ours}


def run_command(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of the workspace, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "wholesystem", *words],
        env=environ_of(folder, **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What the process prints, until it ends or START_SECONDS are over."""
    watch = threading.Timer(START_SECONDS, process.kill)
    watch.start()
    try:
        assert process.stdout is not None
        yield from process.stdout
    finally:
        watch.cancel()


@contextmanager
def served(folder: Path, *options: str, is_new: bool = True, **settings: str) -> Iterator[Served]:
    """Serve a data folder within the block, on a free port; a new one has no account yet."""
    command = [sys.executable, "-m", "wholesystem", "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command,
        env=environ_of(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    found = Served("", "", process)
    assert process.stderr is not None
    reader = threading.Thread(target=lambda: found.log.extend(process.stderr or ()), daemon=True)
    reader.start()
    try:
        for line in _lines(process):
            found.address = found.address or "".join(re.findall(r"http://\S+(?=/ )", line))
            found.code = "".join(re.findall(r"this code: (\S+)", line))
            if found.code or (found.address and not is_new):
                break
        assert found.address, "".join(found.log)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=60)
        reader.join(timeout=10)
        assert process.stdout is not None
        process.stdout.close()
        process.stderr.close()
