"""Fills and empties the store of answers for `answering`, in a process of its own."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.answering import COMMENT, ON_A_PAGE, QUESTIONS
from wholesystem.reviews.feedback import Instrument, read_instrument
from wholesystem.web import answers
from wholesystem.web.accounts.models import User

KEY = "0123456789abcdef" * 2


def make_instrument() -> Instrument:
    """A tool of 20 questions on five pages: 19 with five answers, and a comment.

    Returns
    -------
    Instrument
        Every question must be answered, so that everybody answers all of them.
    """
    tables = {
        "instrument": [
            "instrument,name,illustrative,asks_organisation,intro,thanks,source",
            "bench,A tool of twenty questions,yes,no,For a benchmark.,Thank you.,made up",
        ],
        "roles": ["role,label,kind", "manager,I am a manager,Homes"],
        "scales": [
            "scale,value,order,label,score,positive",
            *(f"five,v{one},{one},Answer {one},{one},{'yes' if one > 3 else 'no'}"
              for one in range(1, 6)),
        ],
        "questions": [
            "question,page,order,kind,required,text,hint,scale,shown_if",
            *(_question(at) for at in range(QUESTIONS)),
        ],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in tables.items():
            Path(folder, f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_instrument(folder)


def _question(at: int) -> str:
    name, page, order = f"q{at + 1:02d}", at // ON_A_PAGE + 1, at % ON_A_PAGE + 1
    kind, scale = ("text", "") if name == COMMENT else ("scale", "five")
    return f"{name},{page},{order},{kind},yes,Is thing {at + 1} as it should be?,,{scale},"


def fill(respondents: int) -> list[str]:
    """Open the tool, with an account that the workspace asks for before it serves.

    Parameters
    ----------
    respondents : int
        How many single-use links.

    Returns
    -------
    list of str
        Addresses.
    """
    User.objects.create(email="lead@example.org", name="Lead", is_administrator=True)
    tomorrow = date.today() + timedelta(days=1)
    answers.open_tool(KEY, make_instrument(), "Twenty questions", tomorrow, {}, "us")
    group = answers.LinkGroup("I01", "", "manager", respondents, tomorrow)
    return [f"/answer/{one}/" for one in answers.make_links(KEY, [group])]


def close() -> list[Any]:
    """Close the tool.

    Returns
    -------
    list of dict
        Every answer that is kept.
    """
    answers.close_tool(KEY)
    return [dict(one.answers) for one in answers.sheets(KEY)]
