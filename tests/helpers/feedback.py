"""A small instrument and answer sheets for tests."""

from __future__ import annotations

from collections.abc import Mapping

from wholesystem.reviews.feedback import AnswerSheet, Instrument, make_sheet
from wholesystem.reviews.feedback.instrument import (
    Answer,
    InstrumentInfo,
    Question,
    Role,
    ScaleValue,
)

KINDS = ("Care homes", "Council", "Hospital")
ROLES = {
    "manager": "Care homes",
    "carer": "Care homes",
    "social_worker": "Council",
    "nurse": "Hospital",
    "doctor": "Hospital",
}
VALUES = ("always", "often", "half", "never", "unsure")


def make_instrument(*, organisation: str = "yes", required: str = "no") -> Instrument:
    """One question of every kind; `why` is for those who said in `came` that somebody came."""
    info = InstrumentInfo(
        instrument="board",
        name="Board",
        illustrative="yes",
        asks_organisation=organisation,
        intro="Tell us.",
        thanks="Thank you.",
        source="Ours",
    )

    def ask(
        name: str, page: int, order: int, kind: str, scale: str, shown_if: str = ""
    ) -> Question:
        return Question(
            question=name,
            page=page,
            order=order,
            kind=kind,
            required=required,
            text=f"{name}?",
            scale=scale,
            shown_if=shown_if,
        )

    questions = (
        ask("came", 1, 1, "single", "came"),
        ask("trust", 1, 2, "pair-scale", "often"),
        ask("on_time", 1, 3, "scale", "often"),
        ask("ways", 1, 4, "many", "way"),
        ask("why", 2, 1, "text", "", "came=yes"),
        ask("beds", 2, 2, "scale", "often", "kind=Hospital"),
    )
    scored = zip(VALUES, (4, 3, 2, 1, None), ("yes", "yes", "no", "no", ""), strict=True)
    scales = (
        *(ScaleValue(scale="came", value=v, order=n, label=v) for n, v in ((1, "yes"), (2, "no"))),
        *(
            ScaleValue(scale="often", value=v, order=n, label=v, score=score, positive=positive)
            for n, (v, score, positive) in enumerate(scored, start=1)
        ),
        *(
            ScaleValue(scale="way", value=v, order=n, label=v)
            for n, v in enumerate(("post", "phone", "paper"), start=1)
        ),
    )
    roles = tuple(Role(role=role, label=role, kind=kind) for role, kind in ROLES.items())
    return Instrument(info, questions, scales, roles)


def make_sheets(
    instrument: Instrument, counts: Mapping[tuple[str, str], int], answers: Mapping[str, Answer]
) -> list[AnswerSheet]:
    """So many equal sheets by role and organisation."""
    return [
        make_sheet(instrument, role, answers, organisation=organisation)
        for (role, organisation), count in counts.items()
        for _ in range(count)
    ]
