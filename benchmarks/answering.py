"""Respondents under load: 1,000 people answer a tool of 20 questions within five minutes.

A server of its own is started, as ``wholesystem serve`` starts it, on SQLite and on PostgreSQL.
Each respondent follows a link of their own, answers page by page with a pause at each, as a browser
without a script does, checks the answers and sends them. Afterwards the tool is closed, and
everybody's answers must be there as they were given.
"""

from __future__ import annotations

import heapq
import http.client
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from benchmarks.measure import Line, at_most
from benchmarks.workspace import serving

__all__ = ["COMMENT", "ON_A_PAGE", "PAGES", "QUESTIONS", "answering_lines"]

PAGES, ON_A_PAGE = 5, 4
QUESTIONS = PAGES * ON_A_PAGE
#: The last question, to which each respondent writes something that nobody else writes.
COMMENT = f"q{QUESTIONS:02d}"

RESPONDENTS, SECONDS = 1_000, 300
#: Browsers at work in the same instant; all others are reading.
WORKERS = 48
MOST_MS, MOST_KB = 300, 100

# Run by a process of its own: Django keeps its settings for the life of a process.
FILL = """
import json, sys
import django
django.setup()
from benchmarks.answering_data import fill
print(json.dumps(fill(int(sys.argv[1]))))
"""
CLOSE = """
import json
import django
django.setup()
from benchmarks.answering_data import close
print(json.dumps(close()))
"""


def answering_lines(respondents: int = RESPONDENTS, seconds: float = SECONDS) -> list[Line]:
    """Milliseconds of an answer of the server at the 95th percentile, and answers that were lost.

    Parameters
    ----------
    respondents : int
        How many people.
    seconds : float
        From the first one's first page to the last one's last.
    """
    from tests.helpers.postgres import find_programs, running

    programs = find_programs()
    lines = _of_database("SQLite", "", respondents, seconds)
    if programs is None:
        return [*lines, Line("answering: PostgreSQL", "not installed here")]
    with running(programs) as address:
        return lines + _of_database("PostgreSQL", address, respondents, seconds)


def _of_database(name: str, address: str, respondents: int, seconds: float) -> list[Line]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        environ = {
            **os.environ,
            "WHOLESYSTEM_DATA_FOLDER": folder,
            "WHOLESYSTEM_DATABASE": address,
            "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings",
        }
        command = str(Path(sys.executable).with_name("wholesystem"))
        subprocess.run(
            [command, "workspace", "migrate"], env=environ, check=True, capture_output=True
        )
        links = _json_of(FILL, environ, str(respondents))
        before = _cpu_of_children()
        with serving(command, environ) as port:
            crowd = _Crowd(port, links, seconds)
            crowd.run()
            crowd.assets_kb = _assets_kb(port, crowd.people[0].page)
        crowd.cpu_seconds = _cpu_of_children() - before
        kept = _json_of(CLOSE, environ)
    return _lines(name, crowd, kept)


def _cpu_of_children() -> float:
    """Processor seconds of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _json_of(code: str, environ: dict[str, str], *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    return json.loads(done.stdout.splitlines()[-1])


@dataclass
class _Respondent:
    """Somebody on the way from a link to thanks.

    Parameters
    ----------
    number : int
        Which one; what they write bears it.
    address : str
        The page that is read next, or where the form was sent to.
    answers : dict of str to str
        What they will say, drawn beforehand.
    """

    number: int
    address: str
    answers: dict[str, str]
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    is_done: bool = False


class _Crowd:
    """All respondents, each next step of whom is due at a time of their own."""

    def __init__(self, port: int, links: list[str], seconds: float) -> None:
        draw = np.random.default_rng(1)
        self.port = port
        self.people = [
            _Respondent(at, link, _answers_of(at, draw)) for at, link in enumerate(links)
        ]
        self.taken: list[float] = []
        self.weights: list[int] = []
        self.faults: list[str] = []
        # Cover, the pages, the check: a pause at each. They begin throughout the time.
        self.pause = seconds / 6 / (PAGES + 2)
        begin = draw.uniform(0, seconds - self.pause * (PAGES + 2), len(links)).tolist()
        self.due = [(when, at) for at, when in enumerate(begin)]
        heapq.heapify(self.due)
        self.lock = threading.Lock()
        self.start = 0.0
        self.took = 0.0
        self.assets_kb = 0.0
        self.cpu_seconds = 0.0

    def run(self) -> None:
        """Let everybody go through, and wait for them."""
        self.start = time.monotonic()
        workers = [threading.Thread(target=self._work) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.took = time.monotonic() - self.start

    def _work(self) -> None:
        while True:
            with self.lock:
                if all(one.is_done for one in self.people) or self.faults:
                    return
                when, at = self.due[0] if self.due else (float("inf"), -1)
                now = time.monotonic() - self.start
                if when <= now:
                    heapq.heappop(self.due)
            if when > now:
                time.sleep(min(when - now, 0.02))
                continue
            self._step(self.people[at])
            if not self.people[at].is_done:
                with self.lock:
                    heapq.heappush(self.due, (time.monotonic() - self.start + self.pause, at))

    def _step(self, person: _Respondent) -> None:
        """Send what is on the screen, if anything, and read the page that follows."""
        try:
            if person.page:
                status, location, text = self._ask(person, "POST", _form_of(person))
                if status != 302:
                    raise ValueError(f"{person.address} answered {status}: {text[:500]}")
                person.address = location
            status, _, person.page = self._ask(person, "GET", None)
            if status != 200:
                raise ValueError(f"{person.address} answered {status}: {person.page[:500]}")
            person.is_done = person.address.endswith("/thanks/")
        except (ValueError, OSError, http.client.HTTPException) as fault:
            with self.lock:
                self.faults.append(str(fault))

    def _ask(
        self, person: _Respondent, method: str, form: dict[str, str] | None
    ) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={one}" for name, one in person.cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        # A phone is not connected for the whole of it.
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, person.address, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        passed = (time.perf_counter() - begin) * 1000
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            person.cookies[name] = value
        with self.lock:
            self.taken.append(passed)
            self.weights.append(len(text))
        return answer.status, answer.headers.get("Location", ""), text.decode("utf-8")


def _answers_of(number: int, draw: np.random.Generator) -> dict[str, str]:
    said = {f"q{at + 1:02d}": f"v{draw.integers(1, 6)}" for at in range(QUESTIONS)}
    return {
        **said,
        COMMENT: f"In week {number} it was {'so-so, ' * int(draw.integers(1, 61))}as ever",
    }


def _form_of(person: _Respondent) -> dict[str, str]:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', person.page)
    if token is None:
        raise ValueError(f"{person.address} has no form")
    form = {"csrfmiddlewaretoken": token[1]}
    page = re.search(r"/page/(\d+)/$", person.address)
    if page:
        first = (int(page[1]) - 1) * ON_A_PAGE
        names = [f"q{at + 1:02d}" for at in range(first, first + ON_A_PAGE)]
        form |= {name: person.answers[name] for name in names} | {"go": "on", "website": ""}
    return form


def _assets_kb(port: int, page: str) -> float:
    """Kilobytes of all that a page loads besides itself, sent as it is."""
    total = 0
    for address in set(re.findall(r'<(?:link|script|img)[^>]*?(?:href|src)="(/[^"]+)"', page)):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", address)
        answer = connection.getresponse()
        total += len(answer.read()) + len(str(answer.headers))
        connection.close()
    return total / 1024


def _lines(name: str, crowd: _Crowd, kept: list[dict[str, str]]) -> list[Line]:
    if crowd.faults:
        raise RuntimeError(f"{len(crowd.faults)} steps failed, such as {crowd.faults[0]}")
    p95 = statistics.quantiles(crowd.taken, n=20, method="inclusive")[-1]
    count = len(crowd.people)
    given = sorted(json.dumps(one.answers, sort_keys=True) for one in crowd.people)
    found = sorted(json.dumps(one, sort_keys=True) for one in kept)
    lost = len(set(given) - set(found)) + abs(len(found) - len(given))
    start = f"answering, {name}:"
    return [
        Line(f"{start} people, and seconds that they took", f"{count:,} in {crowd.took:.0f} s"),
        Line(f"{start} requests a second", f"{len(crowd.taken) / crowd.took:.0f}"),
        at_most(f"{start} an answer of the server, 95th percentile", p95, MOST_MS, " ms"),
        Line(f"{start} the same, median", f"{statistics.median(crowd.taken):.0f} ms"),
        Line(f"{start} the slowest of all", f"{max(crowd.taken):.0f} ms"),
        Line(
            f"{start} processor time of the server a request, its start included",
            f"{crowd.cpu_seconds / len(crowd.taken) * 1000:.1f} ms",
        ),
        at_most(
            f"{start} heaviest page with all that it loads, sent as it is",
            max(crowd.weights) / 1024 + crowd.assets_kb,
            MOST_KB,
            " KB",
        ),
        at_most(f"{start} answers lost, changed or doubled", lost, 0),
    ]
