"""Measuring time and memory, and the table of results."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Parameters
    ----------
    what : str
        What was measured.
    measured : str
        With its unit.
    target : str
        Blank where there is none.
    met : bool, optional
        None where there is no target.
    """

    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """``met``, ``NOT MET`` or blank."""
        return {True: "met", False: "NOT MET", None: ""}[self.met]


def at_least(what: str, value: float, target: float, unit: str = "") -> Line:
    """Line whose value should be the target or more."""
    return Line(what, f"{value:,.4g}{unit}", f"at least {target:,.4g}{unit}", value >= target)


def at_most(what: str, value: float, target: float, unit: str = "") -> Line:
    """Line whose value should be the target or less."""
    return Line(what, f"{value:,.4g}{unit}", f"at most {target:,.4g}{unit}", value <= target)


def cpu_seconds(call: Callable[[], object], times: int = 1) -> float:
    """CPU seconds of one call, all threads together, averaged over several."""
    begin = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - begin) / times


def wall_seconds(call: Callable[[], object]) -> float:
    """Seconds that a call takes on the clock."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def run_command(command: Sequence[str]) -> str:
    """Run a command to its end and return what it printed; a failure stops the benchmark."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def seconds_to_figures(command: Sequence[str]) -> tuple[float, float]:
    """Seconds from starting a command to the first line that it prints, and to its end."""
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as job:
        printed = job.stdout.readline() if job.stdout else b""
        first = time.perf_counter() - begin
        if job.stdout:
            job.stdout.read()
    if job.returncode != 0 or not printed:
        sys.exit(f"{' '.join(command)} ended with {job.returncode}")
    return first, time.perf_counter() - begin


def median_of_interleaved(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median wall seconds of each call, taking turns so that a busy spell hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            seconds[name].append(wall_seconds(call))
    return {name: statistics.median(values) for name, values in seconds.items()}


def machine() -> str:
    """Processor, number of cores, system and Python."""
    model = platform.processor() or "unknown processor"
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.split(":", 1)[1].strip()
            for line in information.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        model = names[0] if names else model
    cores = os.cpu_count()
    return f"{model}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def markdown_table(lines: Sequence[Line]) -> str:
    """Lines as a Markdown table."""
    rows = ["| What | Measured | Target | |", "|---|---|---|---|"]
    rows += [f"| {x.what} | {x.measured} | {x.target} | {x.verdict} |" for x in lines]
    return "\n".join(rows)


def text_table(lines: Sequence[Line]) -> str:
    """Lines as aligned text."""
    width = max(len(x.what) for x in lines)
    figures = max(len(x.measured) for x in lines)
    targets = max(len(x.target) for x in lines)
    return "\n".join(
        f"{x.what:<{width}}  {x.measured:>{figures}}  {x.target:<{targets}}  {x.verdict}".rstrip()
        for x in lines
    )
