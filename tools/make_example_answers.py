"""Write the packaged review's synthetic answers to its two feedback tools, from their model.

    python tools/make_example_answers.py [FOLDER]

Nobody said any of it; the README beside the model's tables says what is drawn how. The same tables
give the same bytes, which a test holds the packaged files to.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from wholesystem.examples.demo import FOLDER as OXFORDSHIRE
from wholesystem.reviews.feedback.answers import AnswerSheet, make_sheet
from wholesystem.reviews.feedback.instrument import Answer, Instrument, Question
from wholesystem.reviews.feedback.kept import KeptTool, write_kept
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.reviews.feedback.records import FeedbackInvited, FeedbackTool
from wholesystem.tables.writing import csv_bytes

FOLDER = OXFORDSHIRE / "review"
MODEL = OXFORDSHIRE / "synthetic_answers"
SEED = 253
TOOLS = {"T01": "relational_audit", "T02": "discharge_information_flow"}
#: Of the 16 managers, by the report just over half: a summary on half of occasions or fewer.
LOW = 9
RECORDED: Mapping[str, Any] = {"recorded_by": "analyst_1", "recorded_at": datetime(2017, 11, 20, 9)}

Rows = Sequence[Mapping[str, str]]


def rows_of(name: str) -> Rows:
    """A table of the model."""
    with (MODEL / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Model:
    """One tool's part of the model, with its draws."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.instrument: Instrument = read_instrument(TOOLS[tool])
        self.random = np.random.Generator(np.random.Philox(key=[SEED, int(tool[1:])]))
        self.items = {one["question"]: one for one in rows_of("items") if one["tool"] == tool}
        self.pairs = {(one["by"], one["about"]): float(one["shift"]) for one in rows_of("pairs")}
        self.respondents = [one for one in rows_of("respondents") if one["tool"] == tool]
        self.phrases: dict[str, list[str]] = {}
        for one in rows_of("phrases"):
            if one["tool"] == tool:
                self.phrases.setdefault(one["question"], []).append(one["text"])

    def chance(self, share: float) -> bool:
        """True with that probability."""
        return bool(self.random.random() < share)

    def scale(self, question: str, leaning: float, shift: float = 0.0) -> str:
        """An answer on a scale: mean, leaning and a draw of its own, cut at equal steps."""
        item = self.items[question]
        values = self.instrument.values_of(question)
        if self.chance(float(item["cannot_say"])):
            return next(one.value for one in values if one.score is None)
        latent = float(item["mean"]) + shift + float(item["person_sd"]) * leaning
        latent += float(item["own_sd"]) * float(self.random.standard_normal())
        scored = [one for one in values if one.score is not None]
        return min(scored, key=lambda one: abs(float(one.score or 0) - latent)).value

    def answer(self, question: Question, role: str, leaning: float) -> Answer:
        """What somebody answers; empty where it is left open."""
        name = question.question
        if name == "contact":
            return str(self.random.choice(["daily", "weekly", "less"], p=[0.5, 0.35, 0.15]))
        if question.kind == "many" or name in ("came", "summary_when", "summary_reading"):
            return self.choice(question)
        if name not in self.items or self.chance(float(self.items[name]["left_open"])):
            return ""
        if question.kind != "pair-scale":
            return self.scale(name, leaning)
        kind = self.instrument.role_by_id[role].kind
        return {
            about: self.scale(name, leaning, self.pairs.get((kind, about), 0.0))
            for about in self.instrument.other_kinds(kind)
        }

    def choice(self, question: Question) -> Answer:
        """One or more of the choices, each as likely as the next."""
        values = [one.value for one in self.instrument.values_of(question.question)]
        if question.question == "came":
            return "yes"
        if question.kind != "many":
            return str(self.random.choice(values[:4]))
        usual = [one for one in values if one not in ("none", "other")]
        chosen = [one for one in usual if self.chance(0.4)]
        return tuple(chosen or [str(self.random.choice(usual))])

    def comments(self, count: int, people: int) -> list[dict[str, str]]:
        """Comments of people with a role, `count` of whom write any."""
        writes = set(self.random.choice(people, size=count, replace=False).tolist())
        questions = list(self.phrases)
        found = []
        for at in range(people):
            said: dict[str, str] = {}
            if at in writes:
                chosen = self.random.choice(
                    len(questions), size=1 + int(self.chance(0.5)), replace=False
                )
                for number in sorted(chosen.tolist()):
                    texts = self.phrases[questions[number]]
                    said[questions[number]] = texts[int(self.random.integers(len(texts)))]
            found.append(said)
        return found

    def sheets(self) -> tuple[AnswerSheet, ...]:
        """Everybody's answers."""
        made = []
        low = self.low()
        for row in self.respondents:
            people = int(row["answered"])
            for said in self.comments(int(row["comments"]), people):
                leaning = float(self.random.standard_normal())
                given: dict[str, Answer] = {}
                for question in self.instrument.asked:
                    if not self.instrument.is_shown(question, row["role"], given):
                        continue
                    name = question.question
                    if question.kind == "text":
                        answer: Answer = said.get(name, "")
                    elif name == "summary_comes":
                        answer = low.pop()
                    else:
                        answer = self.answer(question, row["role"], leaning)
                    if answer:
                        given[name] = answer
                made.append(
                    make_sheet(
                        self.instrument, row["role"], given, organisation=row["organisation"]
                    )
                )
        return tuple(made)

    def low(self) -> list[str]:
        """How often a summary reaches each of the 16: set for nine, drawn for the others."""
        if self.tool != "T02":
            return []
        people = sum(int(one["answered"]) for one in self.respondents)
        under = self.random.choice(["half_or_fewer", "never"], size=LOW, p=[0.7, 0.3]).tolist()
        over = self.random.choice(["over_half", "most", "always"], size=people - LOW).tolist()
        return [str(one) for one in self.random.permutation(under + over)]


def tool_rows() -> tuple[list[FeedbackTool], list[FeedbackInvited]]:
    """The rows of the two tools and of those invited."""
    tools, invited = [], []
    for tool, instrument in TOOLS.items():
        name = read_instrument(instrument).info.name
        tools.append(
            FeedbackTool(
                tool=tool,
                title=f"{name} (synthetic answers)",
                instrument=instrument,
                state="closed",
                opened_on=date(2017, 11, 6),
                last_day=date(2017, 11, 24),
                closed_on=date(2017, 11, 25),
                contact="",
                note=(
                    "Synthetic: nobody said any of this. The report tells how many answered and a"
                    " few words of what they said; the answers were drawn from a model that is"
                    " packaged beside them, so that every picture of results can be seen. Days of"
                    " opening and closing are assumed."
                ),
                **RECORDED,
            )
        )
        for row in rows_of("respondents"):
            if row["tool"] == tool:
                number = int(row["invited"] or 0)
                invited.append(
                    FeedbackInvited(
                        invited=f"I{len(invited) + 1:02d}",
                        tool=tool,
                        organisation=row["organisation"],
                        role=row["role"],
                        links="single" if number else "open",
                        number=number,
                        last_day=date(2017, 11, 24),
                        **RECORDED,
                    )
                )
    return tools, invited


def made_files() -> dict[str, bytes]:
    """Everything by its path in the packaged review."""
    tools, invited = tool_rows()
    files = {
        "feedback_tools.csv": csv_bytes(FeedbackTool.columns(), (one.cells() for one in tools)),
        "feedback_invited.csv": csv_bytes(
            FeedbackInvited.columns(), (one.cells() for one in invited)
        ),
    }
    for tool in TOOLS:
        model = Model(tool)
        kept = write_kept(KeptTool(model.instrument, model.sheets()))
        # What is asked is in the packaged instrument already.
        files[f"feedback/{tool}/answers.csv"] = kept["answers.csv"]
    return files


def main(folder: Path) -> None:
    """Write the files."""
    for name, content in made_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
