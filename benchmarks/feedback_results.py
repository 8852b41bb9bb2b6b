"""Results of a feedback tool with 20,000 answers: made, filtered, drawn and written.

Answers are drawn for the packaged relational audit: 18 questions, two of them on pairs, four
organisations of each of nine kinds, two in five with a comment on each question of free text.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Line, at_most, cpu_seconds, run_command

ANSWERS = 20_000
TIMES = 9
#: The page of results may take 500 ms; this is the part of it that is no web.
TARGET_MS = 500
WORDS = "bed home late call letter team money time ward visit form family".split()

# In a process of its own, so that the peak is its own.
CODE = """
from benchmarks import feedback_results
from benchmarks.indicators_store import peak_megabytes
print(*feedback_results.measure(), peak_megabytes())
"""


def drawn_answers(instrument: Any) -> list[Any]:
    """Sheets of the size wanted, from a seed."""
    from wholesystem.reviews.feedback import AnswerSheet

    rng = np.random.default_rng(20171120)
    values = {one.question: [v.value for v in instrument.values_of(one.question)] for one in
              instrument.asked}  # fmt: skip

    def answer(question: Any, kind: str) -> Any:
        known = values[question.question]
        if question.kind == "text":
            return " ".join(rng.choice(WORDS, 12)) if rng.random() < 0.4 else ""
        if question.kind == "many":
            return tuple(known[: rng.integers(1, len(known))])
        if question.kind == "pair-scale":
            others = instrument.other_kinds(kind)
            return dict(zip(others, rng.choice(known, len(others)).tolist(), strict=True))
        return known[rng.integers(len(known))]

    sheets = []
    for number in rng.integers(len(instrument.roles), size=ANSWERS):
        role = instrument.roles[number]
        given = {
            one.question: answer(one, role.kind)
            for one in instrument.asked
            if instrument.is_shown(one, role.role, {})
        }
        place = f"{role.kind.split()[0].lower()}_{rng.integers(4)}"
        kept = {name: one for name, one in given.items() if one}
        sheets.append(AnswerSheet(role.role, role.kind, place, kept))
    return sheets


def measure() -> tuple[float, float, float]:
    """CPU milliseconds to make results, to make and draw them, and to write files."""
    from wholesystem.reports.feedback_pictures import (
        picture_matrix,
        picture_question,
        picture_rates,
    )
    from wholesystem.reviews.feedback import make_results, read_instrument, write_results

    instrument = read_instrument("relational_audit")
    sheets = drawn_answers(instrument)
    invited = {(one.role, ""): 2_000 for one in instrument.roles}

    def page() -> None:
        results = make_results(instrument, sheets, invited)
        pictures = [
            picture_rates(results),
            *(picture_question(results, one) for one in results.questions if not one.about),
            *(picture_matrix(results, name) for name in ("trust", "communication")),
        ]
        if sum(one is not None for one in pictures) < 14:
            sys.exit("Pictures are missing")

    made = [cpu_seconds(lambda: make_results(instrument, sheets, invited)) for _ in range(TIMES)]
    drawn = [cpu_seconds(page) for _ in range(TIMES)]
    with tempfile.TemporaryDirectory() as folder:
        results = make_results(instrument, sheets, invited)
        written = cpu_seconds(lambda: write_results(results, Path(folder) / "out"))
    return statistics.median(made) * 1e3, statistics.median(drawn) * 1e3, written * 1e3


def feedback_lines() -> list[Line]:
    """Milliseconds and megabytes of results over 20,000 answers."""
    told = run_command([sys.executable, "-c", CODE])
    made, drawn, written, megabytes = map(float, told.split())
    what = f"feedback: results of {ANSWERS:,} answers to 18 questions"
    return [
        Line(f"{what}, made, CPU", f"{made:,.0f} ms"),
        at_most(f"{what}, made, with 15 pictures, CPU", drawn, TARGET_MS, " ms"),
        Line(f"{what}, to Excel and CSV with every comment, CPU", f"{written:,.0f} ms"),
        Line(f"{what}, peak memory", f"{megabytes:,.0f} MB"),
    ]
