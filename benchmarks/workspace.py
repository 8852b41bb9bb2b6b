"""The review workspace under load: 20 reviews, 5,000 pieces of evidence, 20 people at once.

A server of its own is started, as ``wholesystem serve`` starts it, on SQLite in a folder that goes
afterwards. Twenty people each open a page, read it for a second, and open the next, in an order
of their own; every page that shows something is among them. Queries are counted in this process,
through Django's own client, on the same database.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measure import Line, at_most

__all__ = ["serving", "workspace_lines"]

REVIEWS, EVIDENCE, PEOPLE = 20, 250, 20
SECONDS, HASTY_SECONDS = 60, 20
READING_SECONDS = 1.0
MOST_MS, MOST_QUERIES = 200, 30

# Run by a process of its own: Django keeps its settings for the life of a process.
FILL = """
import json, sys
import django
django.setup()
from benchmarks.workspace_data import fill
print(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
"""


def workspace_lines() -> list[Line]:
    """Milliseconds of every page at the 95th percentile, and queries of the busiest one."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "WHOLESYSTEM_DATA_FOLDER": folder,
            "DJANGO_SETTINGS_MODULE": "wholesystem.web.settings",
        }
        command = str(Path(sys.executable).with_name("wholesystem"))
        subprocess.run(
            [command, "workspace", "migrate"], env=environ, check=True, capture_output=True
        )
        filled = subprocess.run(
            [sys.executable, "-c", FILL, str(REVIEWS), str(EVIDENCE)],
            env=environ,
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        world = json.loads(filled.stdout.splitlines()[-1])
        with serving(command, environ) as port:
            first = _first_pages(port, world)
            reading = _load(port, world, SECONDS, READING_SECONDS)
            hasty = _load(port, world, HASTY_SECONDS, 0)
    return _lines(world, first, reading, hasty)


@contextmanager
def serving(command: str, environ: dict[str, str]) -> Iterator[int]:
    """Serve a data folder within the block; gives the port.

    Parameters
    ----------
    command : str
        Path of ``wholesystem``.
    environ : dict of str to str
        With the workspace's settings.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [command, "serve", "--no-example", "--port", str(port)],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start within 30 seconds")


def _first_pages(port: int, world: dict[str, Any]) -> list[float]:
    """Milliseconds of each person's first page: their review is read whole, as after a change."""
    taken = []
    for one in world["people"]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        begin = time.perf_counter()
        connection.request("GET", one["pages"]["review"], headers={"Cookie": one["cookie"]})
        connection.getresponse().read()
        taken.append((time.perf_counter() - begin) * 1000)
        connection.close()
    return taken


def _load(port: int, world: dict[str, Any], seconds: float, pause: float) -> dict[str, list[float]]:
    """Milliseconds of each answer, by the page's name."""
    taken: dict[str, list[float]] = defaultdict(list)
    faults: list[str] = []
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def read(person: int) -> None:
        one = world["people"][person]
        pages = list(one["pages"].items())
        order = itertools.cycle(pages[person % len(pages) :] + pages[: person % len(pages)])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        # People do not all press a key in the same instant.
        time.sleep(pause * person / PEOPLE)
        while time.monotonic() < end:
            name, address = next(order)
            begin = time.perf_counter()
            connection.request("GET", address, headers={"Cookie": one["cookie"]})
            answer = connection.getresponse()
            answer.read()
            passed = (time.perf_counter() - begin) * 1000
            with lock:
                taken[name].append(passed)
                if answer.status != 200:
                    faults.append(f"{address}: {answer.status}")
            time.sleep(pause)

    threads = [threading.Thread(target=read, args=(person,)) for person in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(f"{len(faults)} answers were not pages, such as {faults[0]}")
    return taken


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def _lines(
    world: dict[str, Any],
    first: list[float],
    reading: dict[str, list[float]],
    hasty: dict[str, list[float]],
) -> list[Line]:
    slowest = max(reading, key=lambda name: _p95(reading[name]))
    busiest = max(world["queries"], key=lambda name: world["queries"][name])
    everything = [one for values in hasty.values() for one in values]
    return [
        Line(
            "workspace: home of a review read anew, one person, median",
            f"{statistics.median(first):.0f} ms",
        ),
        at_most(
            f"workspace: slowest page ({slowest}) for {PEOPLE} people at once, 95th percentile",
            _p95(reading[slowest]),
            MOST_MS,
            " ms",
        ),
        Line(
            f"workspace: all {len(reading)} pages together, 95th percentile",
            f"{_p95([one for values in reading.values() for one in values]):.0f} ms",
        ),
        Line(
            f"workspace: {PEOPLE} people who never pause, pages a second",
            f"{len(everything) / HASTY_SECONDS:.0f}",
        ),
        Line(
            "workspace: the same, 95th percentile",
            f"{_p95(everything):.0f} ms",
        ),
        at_most(
            f"workspace: queries of the busiest page ({busiest})",
            world["queries"][busiest],
            MOST_QUERIES,
        ),
    ]
