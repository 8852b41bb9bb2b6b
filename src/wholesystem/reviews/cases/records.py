"""The rows of the cases of a review: each frozen, and checked when it is made.

Times of stays are what the clock showed, with no zone, and kept as the text that a file holds, so
that they come back letter by letter. What is between the rows of a case is in `checking`.
"""

from __future__ import annotations

from typing import Annotated

from wholesystem.reviews.cells import (
    BlankPassage,
    BlankText,
    Id,
    OptionalId,
    Passage,
    Record,
    Text,
)
from wholesystem.tables import cells
from wholesystem.tables.rows import DateTime, choice, reader, whole

__all__ = [
    "LARGEST_SEED",
    "MOST_STAYS",
    "CaseAnswer",
    "CaseDelay",
    "CaseStay",
    "ChecklistItem",
    "TrackedCase",
]

#: Above, a spreadsheet would round it.
LARGEST_SEED = 10**15 - 1
#: Of one case: a page draws them all.
MOST_STAYS = 1_000


def parse_moment(text: str) -> str:
    """A local date and time as the text that is kept.

    Parameters
    ----------
    text : str
        As `wholesystem.tables.cells.parse_date_time` reads it.

    Returns
    -------
    str
        Such as ``2018-01-05T08:00:00``; with a fraction of a second where there is one.

    Raises
    ------
    CellError
        If it is none.
    """
    return cells.parse_date_time(text.strip()).isoformat()


Moment = Annotated[str, reader(parse_moment)]
BlankMoment = Annotated[str, reader(parse_moment, blank="")]
StayNumber = Annotated[int, whole(1, MOST_STAYS)]
Responsible = Annotated[str, choice("nhs", "social_care", "both", blank="")]


class TrackedCase(Record):
    """A case of a review; a row of ``cases.csv``.

    Parameters
    ----------
    case : str
        Id within the review.
    title : str
        Never a name; may be blank.
    pseudonym : str
        Never a name or an NHS number; ``paper`` where the case was typed in.
    stratum, why : str
        What it was drawn for: the stratum's id, and why in words; blank where it was not drawn.
    seed : int or None
        Of the draw.
    drawn_as : str
        Its id in the sample.
    concurrent : str
        Services that may run at the same time as each other, parted by semicolons.
    origin : str
        Where it comes from, in a sentence.
    synthetic : str
        ``yes`` where no real person is behind it, else ``no``.
    source : str
        The row of ``sources.csv`` that its evidence is recorded under, once there is any.
    notes : str
        What else was seen; never a name.
    recorded_by : str
        Who added it.
    recorded_at : datetime
        When, UTC.
    withdrawn : str
        Why it was withdrawn; blank while it stands.
    """

    case: Id
    title: BlankText = ""
    pseudonym: Text
    stratum: OptionalId = ""
    why: BlankText = ""
    seed: Annotated[int | None, whole(0, LARGEST_SEED, blank=None)] = None
    drawn_as: OptionalId = ""
    concurrent: BlankText = ""
    origin: BlankText = ""
    synthetic: Annotated[str, choice("yes", "no")]
    source: OptionalId = ""
    notes: BlankPassage = ""
    recorded_by: Id
    recorded_at: DateTime
    withdrawn: BlankText = ""


class CaseStay(Record):
    """A stay of a case; a row of ``case_stays.csv``.

    Parameters
    ----------
    case : str
        Whose it is.
    stay : int
        Its number within the case, from 1, in order of start.
    service, organisation, cohort : str
        As in the stays table; the last two may be blank.
    requested_at, started_at, ready_at, ended_at : str
        What the clock showed, such as ``2018-01-05T08:00:00``; all but the second may be blank.
    next_service, reason, responsible : str
        As in the stays table; may be blank.
    """

    case: Id
    stay: StayNumber
    service: Text
    organisation: BlankText = ""
    cohort: BlankText = ""
    requested_at: BlankMoment = ""
    started_at: Moment
    ready_at: BlankMoment = ""
    ended_at: BlankMoment = ""
    next_service: BlankText = ""
    reason: BlankText = ""
    responsible: Responsible = ""


class CaseDelay(Record):
    """A part of a stay's delay with its own reason; a row of ``case_delays.csv``.

    Parameters
    ----------
    case : str
        Whose it is.
    stay : int
        Of which stay.
    began_at, ceased_at : str
        What the clock showed; the second may be blank.
    reason, responsible : str
        As in the stays table.
    """

    case: Id
    stay: StayNumber
    began_at: Moment
    ceased_at: BlankMoment = ""
    reason: BlankText = ""
    responsible: Responsible = ""


class CaseAnswer(Record):
    """What a case's record says to an item of the checklist; a row of ``case_answers.csv``.

    Parameters
    ----------
    case : str
        Whose record.
    item : str
        Of ``case_checklist.csv``.
    answer : str
        As the item allows it.
    recorded_by : str
        Who wrote it down.
    recorded_at : datetime
        When, UTC.
    """

    case: Id
    item: Id
    answer: Passage
    recorded_by: Id
    recorded_at: DateTime


class ChecklistItem(Record):
    """One question of the checklist; a row of ``case_checklist.csv``.

    Parameters
    ----------
    item : str
        Id.
    order : int
        Place in the list, from 1.
    question : str
        What to look for in the record.
    kind : str
        ``date``, ``number`` (whole, from 0 to 1,000), ``choice`` or ``text``.
    choices : str
        Words to choose from, parted by semicolons; blank for other kinds.
    illustrative : str
        ``yes`` where the wording is ours and was not tried out.
    """

    item: Id
    order: Annotated[int, whole(1, 1000)]
    question: Text
    kind: Annotated[str, choice("date", "number", "choice", "text")]
    choices: BlankText = ""
    illustrative: Annotated[str, choice("yes", "no")]

    @property
    def words(self) -> tuple[str, ...]:
        """The words to choose from; empty for other kinds."""
        return tuple(word.strip() for word in self.choices.split(";")) if self.choices else ()
