"""Write docs/reference/indicators.md from the packaged indicator catalogue.

Run it after a change of the catalogue; a test fails where the page is not what it would write.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from wholesystem.indicators.catalogue import Indicator, read_catalogue, review_questions
from wholesystem.indicators.small_tables import packaged_table
from wholesystem.tables import RawRow

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "indicators.md"

INTRODUCTION = """\
# Indicators

<!-- Written by tools/indicators_page.py from the packaged catalogue: edit that instead. -->

Each indicator is one row of the catalogue. {count} are packaged; a table of your own adds more (see
[below](#a-table-of-your-own)). The definitions of what is supplied by users are working ones: check
them against the file you supply. No target is packaged.

**Better**: the direction in which things improve. Where neither is named, a change is neither good
nor bad.

**Whose**: *residents* are the people who live in the area, wherever they are treated; *a trust* is
everyone whom it treats, wherever they live.

**Interval**: Wilson for a share of people or events, Byar for a count of them per population, both
at 95% and drawn only where the counts are there (Wilson 1927; Breslow and Day 1987). Where there is
none, a note says why: a bed day is not an independent event, a mean needs its spread, a count on a
day is no count of events.

**Notes** stand under each table: **S** its source, **C** what it cannot show, **N** why it has no
interval; and ids such as F139 are figures of the Oxfordshire report.
"""

COLUMNS = """\
## A table of your own

A CSV file, or a workbook with a sheet `catalogue`, with these columns. All of them are needed. A
packaged indicator cannot be defined again.

| column | what it holds |
|---|---|
"""

FIGURES = """\
## Figures of the Oxfordshire report that are no indicator

| figure | why | see |
|---|---|---|
"""

#: What each column holds, for the table of columns.
COLUMN_WORDS = {
    "indicator": "id: lower-case letters, digits, underscores",
    "name": "as the title of a chart",
    "meaning": "one or two sentences for a reader who knows no jargon",
    "group": "heading that it stands under",
    "kind": "`count`, `share` (per cent), `rate` (per population) or `mean` (a mean or a score)",
    "numerator": "in words",
    "denominator": "in words; blank for a count",
    "numerator_indicator": "of a computed indicator: what it is made of; otherwise blank",
    "numerator_minus": "an indicator taken away from the numerator; or blank",
    "denominator_indicator": "what it is divided by; or blank",
    "multiplier": "100 for a share, such as 100000 for a rate; blank for a count or mean",
    "per_day": "`yes` where the numerator is divided by the days of the period",
    "monthly": "how daily figures become monthly: `sum` or `mean`; `as_is` if not daily",
    "base": "whom or what the denominator counts; blank for a count",
    "unit": "of the value; `%` for a share",
    "decimals": "shown, 0 to 4",
    "better": "`low`, `high` or `none`",
    "interval": "`wilson` (a share), `byar` (a count or rate) or `none`",
    "interval_reason": "why there is no interval; blank where there is one",
    "of": "`residents`, `trust` or `both`",
    "profile": "`yes` where the local data profile shows it",
    "supplied_by": "`user`, `computed`, or the formats of the files, with a semicolon between two",
    "source": "publication, and how far the definition was checked",
    "caveats": "what the figure cannot show",
    "kloe": "questions of a review that it informs, with a semicolon between two (below)",
    "figures": "ids of figures of the Oxfordshire report, such as `F139;F140`; or blank",
    "selection_metric": "1 to 6 for one of the six measures by which areas were chosen; or blank",
}

WHOSE = {"residents": "residents", "trust": "a trust", "both": "residents or a trust"}

QUESTIONS = """\
## Questions of a review

| kloe | asks |
|---|---|
"""


def page() -> str:
    """The whole page."""
    catalogue = read_catalogue()
    parts = [INTRODUCTION.format(count=len(catalogue))]
    for group in dict.fromkeys(one.group for one in catalogue.values()):
        parts.append(section(group, [one for one in catalogue.values() if one.group == group]))
    parts += [COLUMNS + table([f"`{name}`", words] for name, words in COLUMN_WORDS.items())]
    parts += [QUESTIONS + table([f"`{q.kloe}`", q.asks] for q in review_questions().values())]
    parts += [FIGURES + table(reason_row(row.cells) for row in reasons())]
    return "\n".join(parts)


def reasons() -> tuple[RawRow, ...]:
    """Rows of the table of figures that are no indicator."""
    return packaged_table("figures_without_indicator").rows


def reason_row(cells: Mapping[str, str]) -> list[str]:
    """Cells of one of them."""
    see = f"`{cells['see']}`" if cells["see"] else ""
    return [cells["figure"], cells["reason"], see]


def table(rows: Iterable[list[str]]) -> str:
    """Lines of a table, without its head."""
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def section(group: str, rows: list[Indicator]) -> str:
    """One group: a table of its indicators, and the notes that they share."""
    notes = {
        "S": numbered(one.source for one in rows),
        "C": numbered(one.caveats for one in rows),
        "N": numbered(one.interval_reason for one in rows if one.interval_reason),
    }
    head = f"## {group}\n\n| indicator | figure | from | notes |\n|---|---|---|---|\n"
    lines = [f"- **{mark}{i}** {closed(text)}" for mark in notes for text, i in notes[mark].items()]
    return head + table(line(one, notes) for one in rows) + "\n" + "\n".join(lines) + "\n"


def numbered(texts: Iterable[str]) -> dict[str, int]:
    """Each different text with its number, from 1."""
    return {text: i for i, text in enumerate(dict.fromkeys(texts), 1)}


def closed(text: str) -> str:
    """A text that ends in a full stop."""
    return text if text.endswith(".") else f"{text}."


def line(one: Indicator, notes: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Cells of one indicator."""
    marks = [f"S{notes['S'][one.source]}", f"C{notes['C'][one.caveats]}"]
    if one.interval_reason:
        marks.append(f"N{notes['N'][one.interval_reason]}")
    if one.selection_metric:
        marks.append(f"selection measure {one.selection_metric}")
    marks += one.figures
    what = f"**{one.name}** `{one.indicator}`<br>{one.meaning}"
    return [what, figure(one), origin(one), ", ".join(marks)]


def figure(one: Indicator) -> str:
    """What the figure is, whose, which direction is better, and its interval."""
    over = f" of {one.base}" if one.base and one.base not in one.unit else ""
    words = [f"{one.kind}, {one.unit}{over}", f"{WHOSE[one.of]}"]
    words += [] if one.better == "none" else [f"{one.better} is better"]
    words += [] if one.interval == "none" else [f"{one.interval.capitalize()} interval"]
    return "; ".join(words)


def origin(one: Indicator) -> str:
    """Formats that give it, or what it is computed from."""
    if not one.is_computed:
        return ", ".join(f"`{name}`" for name in one.supplied_by.split(";"))
    made = f"`{one.numerator_indicator}`"
    if one.numerator_minus:
        made = f"({made} less `{one.numerator_minus}`)"
    if one.denominator_indicator:
        made += f" over `{one.denominator_indicator}`"
    return made + (" by the days of the period" if one.per_day == "yes" else "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
