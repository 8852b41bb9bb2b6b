"""The workspace's commands as a person types them, on both databases."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.helpers import postgres
from tests.helpers.processes import press_ctrl_c
from tests.helpers.served import Served, environ_of, run_command, served

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqrstuvwxyz"
SERVER = {"HTTPS": "yes", "HOSTS": "review.example.org", "SECRET_KEY": SECRET}
PASSWORD = "correct horse battery"


class Browser:
    """As much of a browser as a form needs."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        body = None
        if form is not None:
            page = self.ask(path, **headers)[2]
            token = re.search('name="csrfmiddlewaretoken" value="(.*?)"', page)
            body = urlencode({**form, "csrfmiddlewaretoken": token[1] if token else ""})
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        connection.request("POST" if body else "GET", path, body, sent)
        answer = connection.getresponse()
        page = answer.read().decode()
        for one in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(one).items()}
        connection.close()
        return answer.status, answer.headers, page


@pytest.fixture(scope="module")
def on_postgres(require: Callable[[object, str], None]) -> Iterator[dict[str, str]]:
    """Settings of an empty PostgreSQL database."""
    programs = postgres.find_programs()
    require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    assert programs is not None
    with postgres.running(programs) as address:
        yield {"DATABASE": address}


def first_account(browser: Browser, code: str, email: str = "ann@example.org") -> int:
    told = {"code": code, "name": "Ann Other", "email": email, "password": PASSWORD}
    return browser.ask("/first-account/", told)[0]


def check_race(workspace: Served) -> None:
    """Two who both have the code send it at the same moment, several times over."""
    browsers = [Browser(workspace.address) for _ in range(6)]
    gate = threading.Barrier(len(browsers))

    def go(number: int) -> None:
        gate.wait()
        first_account(browsers[number], workspace.code, f"person{number}@example.org")

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    signed_in = [one for one in browsers if one.ask("/account/")[0] == 200]
    assert len(signed_in) == 1


def test_serve_on_a_new_folder_and_what_stops_it(tmp_path: Path) -> None:
    with served(tmp_path / "data", "--no-example") as workspace:
        browser = Browser(workspace.address)
        status, headers, _ = browser.ask("/")
        assert (status, headers["Location"]) == (302, "/first-account/")
        assert "Server" not in headers
        assert first_account(browser, workspace.code) == 302
        assert "Ann Other" in browser.ask("/account/")[2]
        assert browser.ask("/", Host="evil.example")[0] == 400
        assert Browser(workspace.address).ask("/health")[2] == '{"ok": true}'
        second = run_command(
            tmp_path / "data", "serve", "--port", urlsplit(workspace.address).netloc[10:]
        )
        assert second.returncode == 2
        assert "Choose another" in second.stderr
    assert workspace.process.returncode == 0
    lines = [json.loads(line) for line in workspace.log]
    assert {line["event"] for line in lines} >= {"request"}
    assert "Ann" not in json.dumps(lines)
    assert (tmp_path / "data" / "wholesystem.sqlite3").stat().st_mode & 0o077 == 0


def test_ctrl_c_stops_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wholesystem", "serve", "--port", "0", "--no-example"],
        env=environ_of(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout is not None
    assert "Ctrl-C stops it" in process.stdout.readline()
    press_ctrl_c(process)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 0, told
    assert "Traceback" not in told


def test_an_upload_is_bounded_by_the_server_too(tmp_path: Path) -> None:
    with served(tmp_path, "--no-example", LARGEST_UPLOAD_MB="1") as workspace:
        host = urlsplit(workspace.address)
        for length, told in [(1_100_000, b"1 MB at most"), (3_000_000, b"413")]:
            with socket.create_connection((host.hostname or "", host.port or 0)) as connection:
                head = f"POST /sign-in/ HTTP/1.1\r\nHost: {host.netloc}\r\n"
                head += f"Connection: close\r\nContent-Length: {length}\r\n\r\n"
                connection.sendall(head.encode())
                try:
                    connection.sendall(b"x" * length)
                except OSError:  # it hung up, as it should
                    pass
                answer = b""
                try:
                    while block := connection.recv(65536):
                        answer += block
                except ConnectionResetError:
                    pass
            assert told in answer
            assert answer.startswith(b"HTTP/1.1 413")


def test_of_several_first_accounts_at_once_one_is_made(tmp_path: Path) -> None:
    with served(tmp_path, "--no-example") as workspace:
        check_race(workspace)


def test_forwarded_headers_are_believed_of_the_proxy_only(tmp_path: Path) -> None:
    https = {"X-Forwarded-Proto": "https"}
    settings = {"HTTPS": "yes", "SECRET_KEY": SECRET}
    with served(tmp_path / "a", "--no-example", **settings) as workspace:
        answer = Browser(workspace.address).ask("/sign-in/", **https)
        assert answer[1]["Location"].startswith("https://127.0.0.1")
    with served(tmp_path / "b", "--no-example", PROXY="127.0.0.1", **settings) as workspace:
        status, headers, _ = Browser(workspace.address).ask("/first-account/", **https)
        assert status == 200
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Secure" in headers["Set-Cookie"]
        # A form sent by HTTPS through the proxy is taken; one from another site is not.
        for origin, expected in [("https://evil.example", 403), (None, 302)]:
            browser = Browser(workspace.address)
            sent = {**https, "Origin": origin or workspace.address.replace("http:", "https:")}
            told = {"name": "Ann", "email": "ann@example.org", "password": PASSWORD}
            told["code"] = workspace.code
            assert browser.ask("/first-account/", told, **sent)[0] == expected


# --------------------------------------------------------------------------- settings and checks


def test_every_wrong_setting_is_told_before_anything_starts(tmp_path: Path) -> None:
    done = run_command(tmp_path, "serve", SESSION_HOURS="0", HTPS="yes", TIME_ZONE="Mars")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_server_with_https_passes_every_check(tmp_path: Path) -> None:
    assert run_command(tmp_path, "workspace", "migrate", **SERVER).returncode == 0
    done = run_command(tmp_path, "workspace", "check", "--deploy", **SERVER)

    assert done.returncode == 0, done.stdout
    assert "security." not in done.stdout
    assert done.stdout.count(": well.") == 4


def test_a_server_without_https_does_not(tmp_path: Path) -> None:
    run_command(tmp_path, "workspace", "migrate")

    assert run_command(tmp_path, "workspace", "check").returncode == 0
    done = run_command(tmp_path, "workspace", "check", "--deploy")
    assert done.returncode == 2
    assert "security.W008" in done.stdout


def test_tables_must_be_there(tmp_path: Path) -> None:
    done = run_command(tmp_path, "workspace", "backup", str(tmp_path / "b.zip"))

    assert done.returncode == 2
    assert "wholesystem workspace migrate" in done.stderr
    assert run_command(tmp_path, "workspace", "check").returncode == 2


def test_a_database_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    away = "postgres://ann:hunter2@127.0.0.1:1/reviews"
    done = run_command(tmp_path, "workspace", "migrate", DATABASE=away)

    assert done.returncode == 2
    assert "The database does not do it" in done.stderr
    assert "hunter2" not in done.stderr


def test_an_account_is_made_in_the_terminal(tmp_path: Path) -> None:
    run_command(tmp_path, "workspace", "migrate")
    create = ("workspace", "create-account", "Ann@example.org", "--name")
    made = run_command(tmp_path, *create, "Ann Other")
    path = made.stdout.splitlines()[-1]

    assert made.returncode == 0
    assert run_command(tmp_path, *create, "Ann Other").returncode == 2
    assert "no name" in run_command(tmp_path, *create, " ").stderr
    wrong = run_command(tmp_path, "workspace", "create-account", "ann", "--name", "A")
    assert "no e-mail address" in wrong.stderr
    with served(tmp_path, "--no-example", is_new=False) as workspace:
        browser = Browser(workspace.address)
        assert browser.ask(path, {"password": PASSWORD})[0] == 302
        told = {"username": "ann@example.org", "password": PASSWORD}
        assert browser.ask("/sign-in/", told)[0] == 302
        assert browser.ask("/people/")[0] == 200


def test_a_worker_stops_when_asked(tmp_path: Path) -> None:
    run_command(tmp_path, "workspace", "migrate")
    process = subprocess.Popen(
        [sys.executable, "-m", "wholesystem", "workspace", "worker"],
        env=environ_of(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    _, told = process.communicate(timeout=60)

    assert process.returncode == 0, told


# --------------------------------------------------------------------------- PostgreSQL


def test_postgresql_carries_a_workspace_there_and_back(
    on_postgres: dict[str, str], tmp_path: Path
) -> None:
    laptop, server, back = tmp_path / "laptop", tmp_path / "server", tmp_path / "back"
    run_command(laptop, "workspace", "migrate")
    create = ("workspace", "create-account", "ann@example.org", "--name", "Ann Öther")
    assert run_command(laptop, *create).returncode == 0
    files = [tmp_path / f"{number}.zip" for number in range(3)]

    def do(folder: Path, *words: str, **settings: str) -> None:
        done = run_command(folder, "workspace", *words, **settings)
        assert done.returncode == 0, done.stderr

    do(laptop, "backup", str(files[0]))
    do(server, "restore", str(files[0]), **on_postgres)
    do(server, "verify-audit", **on_postgres)
    do(server, "check", **on_postgres)
    do(server, "backup", str(files[1]), **on_postgres)
    do(back, "restore", str(files[1]))
    do(back, "backup", str(files[2]))
    manifests = [manifest_of(file) for file in files]
    assert manifests[0] == manifests[1] == manifests[2]

    refused = run_command(server, "workspace", "restore", str(files[0]), **on_postgres)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    do(server, "restore", str(files[0]), "--replace", **on_postgres)
    # Numbers go on after those that were put back.
    another = ("create-account", "bo@example.org", "--name", "Bo")
    do(server, *another, **on_postgres)
    do(server, "verify-audit", **on_postgres)


def manifest_of(file: Path) -> object:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    return manifest["files"], manifest["tables"], manifest["migrations"], manifest["chain"]


def test_postgresql_refuses_to_change_the_chain(
    on_postgres: dict[str, str], tmp_path: Path
) -> None:
    program = """
import django; django.setup()
from django.db import DatabaseError, connection
from wholesystem.web.accounts import actions
from wholesystem.web.audit.models import SiteEvent
actions.create_account(email="eve@example.org", name="Eve", is_administrator=False)
for sql in ("UPDATE audit_siteevent SET action='x'", "DELETE FROM audit_siteevent",
            "TRUNCATE audit_siteevent"):
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        print("changed")
    except DatabaseError as error:
        print(str(error).splitlines()[0])
"""
    run_command(tmp_path, "workspace", "migrate", **on_postgres)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **environ_of(tmp_path, **on_postgres),
            "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.splitlines() == ["Rows of audit_siteevent are never changed."] * 3, (
        done.stderr
    )


def test_on_postgresql_too_one_first_account_is_made(
    require: Callable[[object, str], None], tmp_path: Path
) -> None:
    programs = postgres.find_programs()
    require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    assert programs is not None
    with postgres.running(programs) as address:
        with served(tmp_path, "--no-example", DATABASE=address) as workspace:
            check_race(workspace)
        done = run_command(tmp_path, "workspace", "verify-audit", DATABASE=address)
        assert done.stdout == "Every link holds.\n"


def test_a_restore_that_is_killed_leaves_postgresql_as_it_was(
    on_postgres: dict[str, str], tmp_path: Path
) -> None:
    run_command(tmp_path, "workspace", "migrate", **on_postgres)
    before, other = tmp_path / "before.zip", tmp_path / "other"
    run_command(
        tmp_path, "workspace", "create-account", "x@example.org", "--name", "X", **on_postgres
    )
    assert run_command(tmp_path, "workspace", "backup", str(before), **on_postgres).returncode == 0
    run_command(other, "workspace", "migrate")
    file = tmp_path / "other.zip"
    assert run_command(other, "workspace", "backup", str(file)).returncode == 0
    for seconds in (0.0, 0.3):
        process = subprocess.Popen(
            [sys.executable, "-m", "wholesystem", "workspace", "restore", str(file), "--replace"],
            env=environ_of(tmp_path, **on_postgres),
        )
        while process.poll() is None and not list(tmp_path.glob(".restoring-*")):
            time.sleep(0.005)
        time.sleep(seconds)
        process.kill()
        process.wait(timeout=30)
        after = tmp_path / "after.zip"
        done = run_command(tmp_path, "workspace", "backup", str(after), **on_postgres)
        assert done.returncode == 0, done.stderr
        assert manifest_of(after) in (manifest_of(before), manifest_of(file))
