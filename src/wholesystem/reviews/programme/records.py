"""The rows of a programme: its areas, its themes, and what puts a finding under a theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from wholesystem.reviews.cells import BlankPassage, BlankText, Id, Ids, OptionalId, Record, Text
from wholesystem.tables.rows import Row, choice, whole

__all__ = [
    "DIRECTIONS",
    "PROGRAMME_TABLES",
    "ProgrammeArea",
    "ProgrammeInfo",
    "Theme",
    "ThemeRule",
]

#: What a finding shows, as its evidence has it; see `findings.direction_of`.
DIRECTIONS = ("concern", "strength", "mixed", "not shown")


class ProgrammeInfo(Record):
    """What the programme is; the one row of ``programme.csv``."""

    programme: Id
    name: Text
    note: BlankPassage = ""
    source: Text


class ProgrammeArea(Record):
    """An area that belongs to the programme; a row of ``areas.csv``.

    `part` is a part of the programme, such as its first twelve reviews. `area_code` is a code that
    the area has or had.
    """

    area_code: Id
    area: Text
    part: BlankText = ""
    source: Text
    note: BlankText = ""


class Theme(Record):
    """Something that many reviews may say; a row of ``themes.csv``."""

    theme: Id
    label: Text
    meaning: Text
    order: Annotated[int, whole(1, 10_000)]
    source: Text


class ThemeRule(Record):
    """What puts a finding under a theme, or keeps it out; a row of ``theme_rules.csv``.

    Either `kloe`, `words` or both: findings under any of these questions of the framework (any
    framework where it is blank) whose statement has any of these words. A word is whole, capitals
    do not matter; one that ends in ``*`` also stands for every word that begins so. Or `review`
    and `finding`: that one finding, which then stands before every rule by question and words.
    """

    rule: Id
    theme: Id
    puts: Annotated[str, choice("in", "out")]
    framework: OptionalId = ""
    kloe: Ids = ()
    words: BlankText = ""
    review: OptionalId = ""
    finding: OptionalId = ""
    source: Text

    @property
    def names_finding(self) -> bool:
        """Whether it is about one finding."""
        return bool(self.finding)

    @property
    def word_list(self) -> tuple[str, ...]:
        """The words, in small letters."""
        parts = (part.strip().casefold() for part in self.words.split(";"))
        return tuple(part for part in parts if part)


PROGRAMME_TABLES: Mapping[str, type[Row]] = {
    "programme": ProgrammeInfo,
    "areas": ProgrammeArea,
    "themes": Theme,
    "theme_rules": ThemeRule,
}
