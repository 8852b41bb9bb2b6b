"""Measure the flow model, the store and the profiles, and print each figure beside its target.

Run it with ``make bench`` or ``python -m benchmarks``. Everything is measured in one run, taking
turns, so that ratios hold on any machine. ``--write`` puts the table into README.md.
"""

from __future__ import annotations

import argparse
import datetime
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import parameters, peers_ciw, peers_simpy
from benchmarks.answering import answering_lines
from benchmarks.documents import document_lines
from benchmarks.feedback_results import feedback_lines
from benchmarks.floor import Floor
from benchmarks.indicators_store import store_lines
from benchmarks.measure import (
    Line,
    at_least,
    at_most,
    cpu_seconds,
    machine,
    markdown_table,
    median_of_interleaved,
    run_command,
    seconds_to_figures,
    text_table,
    wall_seconds,
)
from benchmarks.profiles import profile_lines
from benchmarks.programme import programme_lines
from benchmarks.reviews import review_lines
from benchmarks.workspace import workspace_lines

HERE = Path(__file__).parent
BEGIN, END = "<!-- table begins -->", "<!-- table ends -->"
OURS_PER_ROUND = 20

MEMORY_CODE = """
import resource, sys
from wholesystem.flow import read_model, simulate
simulate(read_model(sys.argv[1]), replications=30, days=365)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def say(text: str) -> None:
    """Print progress at once."""
    print(text, file=sys.stderr, flush=True)


def mean_and_error(values: Any) -> tuple[float, float]:
    """Mean and its standard error."""
    return float(np.mean(values)), float(np.std(values, ddof=1)) / math.sqrt(len(values))


# --------------------------------------------------------------------------- flow and its peers


def engine_of(model: Any) -> Callable[[int], Any]:
    """Run one replication of a model on this thread, compiled and warm."""
    from wholesystem.flow.compiled import compile_model
    from wholesystem.flow.fast import FastEngine

    engine = FastEngine(compile_model(model))

    def run(replication: int) -> Any:
        return engine.run(model.settings.seed, replication)

    run(0)
    return run


def flow_lines(rounds: int) -> list[Line]:
    """Speed on the flow model beside SimPy, Ciw and the floor, and their agreement."""
    from wholesystem.flow import read_model, simulate

    model = read_model(HERE / "models" / "flow")
    run_ours = engine_of(model)
    floor = Floor()
    floor.run(0)
    names = ("ours", "whole", "simpy", "ciw", "floor")
    cpu: dict[str, list[float]] = {name: [] for name in names}
    outcomes: dict[str, list[parameters.Outcome]] = {"simpy": [], "ciw": []}
    peers = {"simpy": peers_simpy.run_flow, "ciw": peers_ciw.run_flow}
    seed = iter(range(1, 10_000))
    for number in range(rounds):
        say(f"flow: round {number + 1} of {rounds}")
        cpu["floor"].append(cpu_seconds(lambda: floor.run(next(seed)), OURS_PER_ROUND))
        cpu["ours"].append(cpu_seconds(lambda: run_ours(next(seed)), OURS_PER_ROUND))
        whole = cpu_seconds(lambda: simulate(model, replications=OURS_PER_ROUND))
        cpu["whole"].append(whole / OURS_PER_ROUND)
        for name, run in peers.items():
            begin = time.process_time()
            outcomes[name].append(run(next(seed)))
            cpu[name].append(time.process_time() - begin)
    typical = {name: statistics.median(values) for name, values in cpu.items()}
    lines = [
        Line("flow: ours, CPU a replication", f"{typical['ours'] * 1000:.2f} ms"),
        Line(
            "flow: ours with intervals and tables, all threads",
            f"{typical['whole'] * 1000:.2f} ms",
        ),
        Line("flow: SimPy, CPU a replication", f"{typical['simpy'] * 1000:,.0f} ms"),
        Line("flow: Ciw, CPU a replication", f"{typical['ciw'] * 1000:,.0f} ms"),
        Line("flow: floor (draws and a bare queue)", f"{typical['floor'] * 1000:.2f} ms"),
        at_least("flow: times as fast as SimPy", typical["simpy"] / typical["ours"], 150),
        at_least("flow: times as fast as Ciw", typical["ciw"] / typical["ours"], 1000),
        Line("flow: ours over the floor", f"{typical['ours'] / typical['floor']:.2f} times"),
    ]
    return lines + agreement_lines(simulate(model, replications=60), outcomes)


def agreement_lines(result: Any, outcomes: dict[str, list[parameters.Outcome]]) -> list[Line]:
    """Is it the same model? Our mean and each peer's, within four standard errors.

    A peer has few replications, so the spread between replications is taken from ours.
    """
    lines = []
    acute = result.services.index("acute")
    for measure in ("occupied", "delayed"):
        ours = np.asarray(result.replicates[measure])[:, acute]
        for name, runs in outcomes.items():
            theirs = np.mean([run.figures[measure] for run in runs])
            error = np.std(ours, ddof=1) * math.sqrt(1 / len(ours) + 1 / len(runs))
            gap = (theirs - ours.mean()) / error
            lines.append(
                Line(
                    f"flow: {measure}, ours and {name}",
                    f"{ours.mean():.1f} and {theirs:.1f}",
                    "within 4 standard errors",
                    bool(abs(gap) <= 4),
                )
            )
    return lines


def mm10_lines() -> list[Line]:
    """M/M/10 against Erlang C, and the peers' time."""
    from tests.verification.closed_forms import erlang_c_wait
    from wholesystem.flow import read_model, simulate

    say("M/M/10")
    model = read_model(HERE / "models" / "mm10")
    run_ours = engine_of(model)
    ours = cpu_seconds(lambda: run_ours(1), 30)
    waits = np.asarray(simulate(model, replications=30).replicates["wait_days"])[:, 0]
    mean, error = mean_and_error(waits)
    exact = erlang_c_wait(
        parameters.MM10_PLACES, parameters.MM10_ARRIVALS_PER_DAY, parameters.MM10_MEAN_DAYS
    )
    simpy = cpu_seconds(lambda: peers_simpy.run_mm10(1))
    ciw = cpu_seconds(lambda: peers_ciw.run_mm10(1))
    return [
        Line(
            f"M/M/10: mean wait in days (Erlang C {exact:.4f})",
            f"{mean:.4f} ± {error:.4f}",
            "within 4 standard errors",
            abs(mean - exact) <= 4 * error,
        ),
        Line("M/M/10: ours, CPU a replication", f"{ours * 1000:.2f} ms"),
        Line("M/M/10: times as fast as SimPy", f"{simpy / ours:.0f}"),
        Line("M/M/10: times as fast as Ciw", f"{ciw / ours:.0f}"),
    ]


# --------------------------------------------------------------------------- the packaged area


def area_lines(folder: Path) -> list[Line]:
    """Events a second, a year with intervals and memory, on the packaged area."""
    from wholesystem.flow import read_model, simulate

    say("Oxfordshire")
    model = read_model(folder)
    run = engine_of(model)
    events = run(1).events
    seconds = statistics.median(cpu_seconds(lambda: run(1), 10) for _ in range(5))
    simulate(model, replications=2, days=365)
    wall = statistics.median(
        wall_seconds(lambda: simulate(model, replications=30, days=365)) for _ in range(3)
    )
    kilobytes = int(run_command([sys.executable, "-c", MEMORY_CODE, str(folder)]))
    return [
        at_least("Oxfordshire: million events a second, one thread", events / seconds / 1e6, 10),
        Line("Oxfordshire: events a replication", f"{events:,}"),
        at_most("Oxfordshire: 30 replications of a year with intervals", wall, 2, " s"),
        at_most("Oxfordshire: peak memory of that", kilobytes / 1024, 500, " MB"),
    ]


# --------------------------------------------------------------------------- starting up


def start_lines(folder: Path, rounds: int) -> list[Line]:
    """Seconds to import, to answer --help, and to a first result from the command line."""
    say("starting up")
    python = sys.executable
    command = str(Path(python).with_name("wholesystem"))

    def simulate_afresh() -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as folder_out:
            out = Path(folder_out) / "result"
            options = ["--out", str(out), "--replications", "10"]
            return seconds_to_figures([command, "simulate", str(folder), *options])

    simulate_afresh()
    seconds = median_of_interleaved(
        {
            "bare": lambda: run_command([python, "-c", "pass"]),
            "import": lambda: run_command([python, "-c", "import wholesystem"]),
            "help": lambda: run_command([command, "--help"]),
        },
        rounds,
    )
    timed = [simulate_afresh() for _ in range(3)]
    first, whole = (statistics.median(times) for times in zip(*timed, strict=True))
    return [
        at_most(
            "import wholesystem, over bare Python", seconds["import"] - seconds["bare"], 0.15, " s"
        ),
        at_most("wholesystem --help", seconds["help"], 0.35, " s"),
        at_most("wholesystem simulate, warm, to its figures (Oxfordshire)", first, 3, " s"),
        Line("wholesystem simulate, warm, to its end, page included", f"{whole:.3g} s"),
    ]


# --------------------------------------------------------------------------- published figures


def figure_lines() -> list[Line]:
    """The store, profiles, reviews, a programme, documents, the workspace and respondents."""
    say("the store of observations")
    lines = store_lines()
    say("profiles")
    lines += profile_lines()
    say("reviews")
    lines += review_lines()
    lines += programme_lines()
    lines += document_lines()
    lines += feedback_lines()
    say("the workspace")
    lines += workspace_lines()
    say("respondents")
    return lines + answering_lines()


# --------------------------------------------------------------------------- the whole


def write_readme(lines: list[Line], command: str) -> None:
    """Put the table into README.md between its marks."""
    path = HERE / "README.md"
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    note = f"Measured on {day} with `{command}` on: {machine()}."
    path.write_text(
        f"{before}{BEGIN}\n\n{note}\n\n{markdown_table(lines)}\n\n{END}{after}", encoding="utf-8"
    )


def main() -> int:
    """Measure, print and perhaps write; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds beside the peers (3)")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    chosen = parser.parse_args()
    begin = time.perf_counter()
    folder = Path(str(resources.files("wholesystem.examples") / "oxfordshire_2017"))
    lines = [
        *area_lines(folder),
        *start_lines(folder, rounds=9),
        *figure_lines(),
        *mm10_lines(),
        *flow_lines(chosen.rounds),
    ]
    print(machine())
    print(text_table(lines))
    print(f"Took {time.perf_counter() - begin:.0f} seconds.")
    if chosen.write:
        write_readme(lines, "make bench")
    return int(any(line.met is False for line in lines))


if __name__ == "__main__":
    sys.exit(main())
