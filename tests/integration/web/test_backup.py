"""Backups: whole, checked before anything is touched, put back exactly, whatever cuts them off."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.served import environ_of, run_command, served

CREATE = ("workspace", "create-account")


def make_workspace(folder: Path, *emails: str, **settings: str) -> None:
    """A workspace with these accounts, and a document that names the last."""
    migrated = run_command(folder, "workspace", "migrate", **settings)
    assert migrated.returncode == 0, migrated.stderr
    for email in emails:
        made = run_command(folder, *CREATE, email, "--name", "Ann Other", **settings)
        assert made.returncode == 0, made.stderr
    document = folder / "documents" / "ab" / f"{emails[-1]}.txt"
    document.parent.mkdir(parents=True)
    document.write_text(emails[-1])


def emails_in(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "wholesystem.sqlite3") as database:
        found = [row[0] for row in database.execute("SELECT email FROM accounts_user ORDER BY id")]
        (sound,) = database.execute("PRAGMA integrity_check").fetchone()
    database.close()
    assert sound == "ok"
    return found


def content_of(backup: Path) -> dict[str, object]:
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return {name: manifest[name] for name in ("files", "tables", "migrations", "chain")}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    make_workspace(folder, "old@example.org")
    return folder


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new")
    make_workspace(folder, "one@example.org", "two@example.org")
    return folder


@pytest.fixture(scope="module")
def backup(new: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backups") / "new.zip"
    made = run_command(new, "workspace", "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert "and 1 documents" in made.stdout
    return file


@pytest.fixture
def here(old: Path, tmp_path: Path) -> Path:
    """A copy of the old workspace, to be restored into."""
    return Path(shutil.copytree(old, tmp_path / "here"))


def restore(folder: Path, file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_command(folder, "workspace", "restore", str(file), *words)


def test_a_backup_is_put_back_exactly(backup: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    done = restore(empty, backup)

    assert done.returncode == 0, done.stderr
    assert emails_in(empty) == ["one@example.org", "two@example.org"]
    assert (empty / "documents" / "ab" / "two@example.org.txt").read_text() == "two@example.org"
    again = tmp_path / "again.zip"
    assert run_command(empty, "workspace", "backup", str(again)).returncode == 0
    assert content_of(again) == content_of(backup)
    assert run_command(empty, "workspace", "verify-audit").stdout == "Every link holds.\n"
    assert not list(empty.glob(".restoring-*"))


def test_a_backup_is_for_its_owner_only(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_holds_no_session_and_no_key(backup: Path, new: Path) -> None:
    key = (new / "secret_key").read_text()
    with zipfile.ZipFile(backup) as archive:
        names = archive.namelist()
        text = "".join(archive.read(name).decode() for name in names)

    assert not [name for name in names if "session" in name or "secret" in name]
    assert key not in text


def test_data_is_not_replaced_unasked(here: Path, backup: Path) -> None:
    done = restore(here, backup)

    assert done.returncode == 2
    assert "holds data" in done.stderr
    assert "--replace" in done.stderr
    assert emails_in(here) == ["old@example.org"]


def test_what_is_replaced_lies_aside(here: Path, backup: Path) -> None:
    done = restore(here, backup, "--replace")

    assert done.returncode == 0, done.stderr
    assert emails_in(here) == ["one@example.org", "two@example.org"]
    (aside,) = here.glob("wholesystem.sqlite3.before-*")
    assert str(aside) in done.stdout
    with sqlite3.connect(aside) as database:
        assert database.execute("SELECT email FROM accounts_user").fetchall() == [
            ("old@example.org",)
        ]
    database.close()
    assert (here / "documents" / "ab" / "old@example.org.txt").exists()


def test_a_document_that_differs_is_the_backups(here: Path, backup: Path) -> None:
    document = here / "documents" / "ab" / "two@example.org.txt"
    document.write_text("another")
    restore(here, backup, "--replace")

    assert document.read_text() == "two@example.org"


# --------------------------------------------------------------------------- what is refused


def rewritten(backup: Path, to: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(to, "w") as written:
        for name in archive.namelist():
            written.writestr(*change(name, archive.read(name)))
    return to


def change_a_row(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data.replace(b"one@", b"eve@")


def leave_the_manifest(name: str, data: bytes) -> tuple[str, bytes]:
    return ("other.json" if name == "manifest.json" else name), data


def lead_out(name: str, data: bytes) -> tuple[str, bytes]:
    out = "documents/../../escaped.txt"
    if name == "manifest.json":
        return name, data.replace(b"documents/ab/two@example.org.txt", out.encode())
    return (out if name.startswith("documents/") else name), data


def of_a_later_format(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data.replace(b'"format": 1', b'"format": 2')


def of_a_later_version(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data.replace(b'"0001_initial"', b'"0999_later"')


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (change_a_row, "tables/accounts.user.jsonl is damaged"),
        (leave_the_manifest, "has no manifest"),
        (lead_out, "leads out of it"),
        (of_a_later_format, "has format 2"),
        (of_a_later_version, "whose tables this version does not know"),
    ],
)
def test_a_file_that_is_no_whole_backup_changes_nothing(
    change: Callable[[str, bytes], tuple[str, bytes]],
    told: str,
    here: Path,
    backup: Path,
    tmp_path: Path,
) -> None:
    done = restore(here, rewritten(backup, tmp_path / "x.zip", change), "--replace")

    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert emails_in(here) == ["old@example.org"]
    assert not (tmp_path / "escaped.txt").exists()
    assert sorted(path.name for path in (here / "documents" / "ab").iterdir()) == [
        "old@example.org.txt"
    ]


def test_a_file_cut_off_changes_nothing(here: Path, backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    for length in (0, len(whole) // 2, len(whole) - 1):
        part = tmp_path / "part.zip"
        part.write_bytes(whole[:length])
        done = restore(here, part, "--replace")
        assert done.returncode == 2, done.stderr
        assert emails_in(here) == ["old@example.org"]


def test_there_must_be_a_file(here: Path, tmp_path: Path) -> None:
    assert "There is no file" in restore(here, tmp_path / "no.zip").stderr
    assert restore(here, tmp_path).returncode == 2


def test_nobody_uses_the_workspace_during_a_restore(here: Path, backup: Path) -> None:
    with served(here, "--no-example", is_new=False):
        done = restore(here, backup, "--replace")

        assert done.returncode == 2
        assert "is running" in done.stderr
    assert emails_in(here) == ["old@example.org"]
    assert restore(here, backup, "--replace").returncode == 0


def test_a_backup_is_made_while_the_workspace_is_used(here: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(here / "wholesystem.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE accounts_user SET name = 'half done'")
    file = tmp_path / "b.zip"
    done = run_command(here, "workspace", "backup", str(file))
    writer.execute("ROLLBACK")
    writer.close()

    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(file) as archive:
        assert b"half done" not in archive.read("tables/accounts.user.jsonl")


# --------------------------------------------------------------------------- what cuts it off


def killed_after(seconds: float, begun: Callable[[], bool], folder: Path, *words: str) -> int:
    """Kill a command so long after it has begun to write."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wholesystem", "workspace", *words],
        env=environ_of(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not begun():
        time.sleep(0.005)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait(timeout=30)


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(
    seconds: float, here: Path, backup: Path
) -> None:
    def begun() -> bool:
        return bool(list(here.glob(".restoring-*")))

    killed_after(seconds, begun, here, "restore", str(backup), "--replace")

    assert emails_in(here) in (["old@example.org"], ["one@example.org", "two@example.org"])
    assert run_command(here, "workspace", "check").returncode == 0
    assert restore(here, backup, "--replace").returncode == 0
    assert emails_in(here) == ["one@example.org", "two@example.org"]
    assert not list(here.glob(".restoring-*"))


@pytest.mark.parametrize("seconds", [0.0, 0.02])
def test_a_backup_that_is_killed_leaves_the_earlier_one(
    seconds: float, here: Path, backup: Path, tmp_path: Path
) -> None:
    target = Path(shutil.copy(backup, tmp_path / "target.zip"))
    before = target.read_bytes()

    def begun() -> bool:
        return bool(list(tmp_path.glob(".target*")))

    killed_after(seconds, begun, here, "backup", str(target))

    if target.read_bytes() != before:  # it had come to its end
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None


def full_disk(kilobytes: int) -> Callable[[], None]:
    """No file may grow beyond this, as on a disk with no more room."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    return limit


@pytest.mark.parametrize("kilobytes", [0, 64, 300])
def test_a_restore_with_no_room_changes_nothing(kilobytes: int, here: Path, backup: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wholesystem", "workspace", "restore", str(backup), "--replace"],
        env=environ_of(here),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=full_disk(kilobytes),
    )

    assert done.returncode == 2, done.stderr
    assert "room" in done.stderr
    assert emails_in(here) == ["old@example.org"]
    assert restore(here, backup, "--replace").returncode == 0


def test_a_backup_with_no_room_leaves_the_earlier_one(
    here: Path, backup: Path, tmp_path: Path
) -> None:
    target = Path(shutil.copy(backup, tmp_path / "target.zip"))
    before = target.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "wholesystem", "workspace", "backup", str(target)],
        env=environ_of(here),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=full_disk(4),
    )

    assert done.returncode == 2, done.stderr
    assert target.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["here", "target.zip"]


# --------------------------------------------------------------------------- earlier versions


EARLIER = """
import sys, django; django.setup()
from pathlib import Path
from django.core.management import call_command
from django.db import connection
from wholesystem.web.accounts.actions import create_account
from wholesystem.web.backup import write_backup
call_command("migrate", verbosity=0)
call_command("migrate", "audit", "0001", verbosity=0)
create_account(email="ann@example.org", name="Ann", is_administrator=True)
write_backup(Path(sys.argv[1]))
"""


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    file, here = tmp_path / "earlier.zip", tmp_path / "here"
    environ = {
        **environ_of(tmp_path / "there"),
        "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings",
    }
    subprocess.run([sys.executable, "-c", EARLIER, str(file)], env=environ, check=True)
    with zipfile.ZipFile(file) as archive:
        assert ["audit", "0002_append_only"] not in json.loads(archive.read("manifest.json"))[
            "migrations"
        ]

    assert restore(here, file).returncode == 0
    assert emails_in(here) == ["ann@example.org"]
    assert run_command(here, "workspace", "check").returncode == 0
    with sqlite3.connect(here / "wholesystem.sqlite3") as database:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            database.execute("DELETE FROM audit_siteevent")
    database.close()
