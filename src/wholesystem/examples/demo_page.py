"""The page of the packaged area: its map, and its simulated figures beside the published ones."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wholesystem.examples.published import PublishedFigure
from wholesystem.indicators.periods import MONTHS
from wholesystem.pictures import (
    BodyDelay,
    ComparedFigure,
    PictureTable,
    ReasonDelay,
    chart_table,
    delays_by_body,
    delays_by_reason,
    published_against_simulated,
    render_svg,
)
from wholesystem.reports import Fact, Page, Picture, Section, system_map_of
from wholesystem.reports.run_page import (
    BODIES,
    chart,
    made_section,
    map_section,
    map_tables_section,
    notes_section,
    occupancy_section,
    reason_label,
    waits_section,
)

if TYPE_CHECKING:
    import pandas as pd

    from wholesystem.flow import SimulationResult

__all__ = ["demo_page", "read_sources"]

_CLOSE = 5.0
_DELAYED = "people_delayed"


@dataclass(frozen=True)
class _Compared:
    """A published figure, its like in the simulated years, and where it was published."""

    figure: PublishedFigure
    row: Mapping[str, Any]
    source: str

    @property
    def label(self) -> str:
        return self.figure.label

    @property
    def role(self) -> str:
        return self.figure.role


def demo_page(
    folder: Path,
    result: SimulationResult,
    figures: Sequence[PublishedFigure],
    compared: pd.DataFrame,
    moves: pd.DataFrame,
    profile: Section | None = None,
) -> Page:
    """Page of a packaged area.

    Parameters
    ----------
    folder : Path
        The area: page.toml has the page's words, figures.csv where each figure comes from.
    result : SimulationResult
        The run.
    figures : sequence of PublishedFigure
        What was published.
    compared : DataFrame
        From `compare_with_published`, a row for each of them.
    moves : DataFrame
        From `mean_flows`, over all replications.
    profile : Section, optional
        What leads to the profile of the area; left out if None.

    Returns
    -------
    Page
        Its first section is the map.
    """
    words = tomllib.loads((folder / "page.toml").read_text(encoding="utf-8"))
    sources = read_sources(folder)
    rows = [
        _Compared(figure, row, sources[figure.figure])
        for figure, row in zip(figures, compared.to_dict("records"), strict=True)
    ]
    drawn = system_map_of(
        result, moves, title=words["map_title"], period=words["map_period"], source=words["source"]
    )
    return Page(
        title=words["title"],
        lead=words["lead"],
        sections=(
            map_section(drawn, _whom_the_map_counts(rows, words)),
            _short_section(rows, words),
            *((profile,) if profile else ()),
            _published_section(rows, words),
            _delays_section(rows, words),
            waits_section(result),
            occupancy_section(result),
            Section("can", "What these figures can say", points=tuple(words["what_it_can"])),
            Section("cannot", "What they cannot say", points=tuple(words["what_it_cannot"])),
            _sources_section(rows),
            notes_section(result),
            made_section(
                result,
                files=(
                    "published.csv: each published figure, its simulated like, and how near.",
                    "stays.parquet: every stay of the first simulated year.",
                ),
            ),
            map_tables_section(drawn),
        ),
        footer=tuple(words["licence"]),
    )


def read_sources(folder: Path) -> dict[str, str]:
    """Where each figure of figures.csv was published.

    Parameters
    ----------
    folder : Path
        With figures.csv.

    Returns
    -------
    dict of str to str
        Publisher, title and date in words, by the figure's id.
    """
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: re.sub(r" \(seed \d+\)$", "", row["source"]) for row in csv.DictReader(file)
        }


# --- in short ------------------------------------------------------------------------------------


def _whom_the_map_counts(rows: Sequence[_Compared], words: Mapping[str, Any]) -> str:
    by_id = {row.figure.id: row for row in rows}
    over_year = by_id[words["delayed_over_year"]].row["mean"]
    return str(words["map_counts"]).format(delayed=f"{over_year:,.0f}")


def _short_section(rows: Sequence[_Compared], words: Mapping[str, Any]) -> Section:
    by_id = {row.figure.id: row for row in rows}
    facts = []
    for fact in words["facts"]:
        found = by_id[fact["id"]]
        sign = "%" if found.figure.unit == "%" else ""
        facts.append(
            Fact(
                f"{found.row['mean']:,.0f}{sign}",
                fact["words"],
                f"Published: {found.figure.published:,.10g}{sign}. {found.role.capitalize()}.",
            )
        )
    return Section(
        "short",
        "In short",
        facts=tuple(facts),
        paragraphs=(
            f"Fitted figures that agree with the published one: {_agreeing(rows, 'fitted')}."
            f" Predicted figures that agree: {_agreeing(rows, 'predicted')}. To agree is to be"
            " within 5%, or to have the published figure inside the 95% interval.",
        ),
    )


def _agreeing(rows: Sequence[_Compared], role: str) -> str:
    verdicts = [row.row["verdict"] for row in rows if row.role == role]
    return f"{verdicts.count('agrees')} of {len(verdicts)}"


# --- published and simulated ---------------------------------------------------------------------


def _published_section(rows: Sequence[_Compared], words: Mapping[str, Any]) -> Section:
    def pick(role: str, delayed: bool | None = None) -> list[_Compared]:
        return [
            row
            for row in rows
            if row.role == role and delayed in (None, row.figure.measure == _DELAYED)
        ]

    short = words["sources"]
    parts = (
        ("Predicted figures", "", pick("predicted")),
        ("Fitted figures: people delayed", words["fitted_delays"], pick("fitted", True)),
        ("Fitted figures: the rest", words["fitted_rest"], pick("fitted", False)),
    )
    pictures = [_comparison(heading, said, some, short) for heading, said, some in parts if some]
    return Section(
        "published",
        "Simulated beside published",
        paragraphs=tuple(words["published"]),
        pictures=tuple(pictures),
    )


def _comparison(
    heading: str, said: str, rows: Sequence[_Compared], short: Mapping[str, str]
) -> Picture:
    spec = published_against_simulated(
        [
            ComparedFigure(
                row.label,
                row.figure.unit,
                row.figure.published,
                row.row["mean"],
                row.row["lower95"],
                row.row["upper95"],
                row.role,
            )
            for row in rows
        ],
        title="Simulated, in % below or above published",
    )
    units = {row.figure.unit for row in rows}
    written = chart_table(spec).rows
    table = PictureTable(
        f"{heading} (unit: {units.pop()})" if len(units) == 1 else heading,
        ("Figure", "Published", "Simulated", "95% interval", "Difference",
         "How\N{NO-BREAK SPACE}near", "Source, time and people of the published figure"),
        tuple(
            (f"{label}\n{unit}" if units else label, published, simulated, interval, difference,
             _nearness(row.row), _origin(row, short))
            for row, (label, unit, published, simulated, interval, difference, _)
            in zip(rows, written, strict=True)
        ),
        (False, True, True, True, True, False, False),
    )  # fmt: skip
    return Picture(render_svg(spec), (table,), heading=heading, paragraphs=(said,) if said else ())


def _nearness(row: Mapping[str, Any]) -> str:
    """The verdict with what it rests on."""
    rests_on = {"near": "within 15%", "differs": "over 15% off"}
    if row["verdict"] == "agrees":
        close = abs(row["difference_percent"]) <= _CLOSE
        rests_on["agrees"] = "within 5%" if close else "inside interval"
    # No break at its spaces: the column is narrow.
    return f"{row['verdict']}\n{rests_on[row['verdict']]}".replace(" ", "\N{NO-BREAK SPACE}")


def _origin(row: _Compared, short: Mapping[str, str]) -> str:
    figure = row.figure
    source = next((said for start, said in short.items() if row.source.startswith(start)), "")
    lines = [
        f"{source or row.source} ({figure.figure})",
        f"{_first_large(_period_in_words(figure.period))}; {figure.base}",
    ]
    return "\n".join([*lines, figure.note] if figure.note else lines)


def _period_in_words(period: str) -> str:
    """``2017-02 to 2017-04`` as ``February 2017 to April 2017``; anything else as it is."""
    return re.sub(r"\b(\d{4})-(\d{2})\b", lambda m: f"{MONTHS[int(m[2]) - 1]} {m[1]}", period)


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sources_section(rows: Sequence[_Compared]) -> Section:
    """Every source in full, with the figures taken from it."""
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.source, []).append(row.figure.figure)
    table = PictureTable(
        "Sources in full",
        ("Source", "Figures"),
        tuple((source, ", ".join(sorted(named))) for source, named in ids.items()),
        (False, False),
    )
    heading = "Where the published figures come from"
    return Section("sources", heading, pictures=(Picture(tables=(table,)),))


# --- delays --------------------------------------------------------------------------------------


def _delays_section(rows: Sequence[_Compared], words: Mapping[str, Any]) -> Section:
    reasons = _delays(rows, "reasons", reason_label)
    bodies = _delays(rows, "responsible", lambda body: BODIES[body])
    return Section(
        "delays",
        "Who is held up, and why",
        paragraphs=(words["delays"],),
        pictures=(
            chart(delays_by_reason(reasons), words["delays_source"]),
            chart(delays_by_body([BodyDelay(**vars(b)) for b in bodies]), words["delays_source"]),
        ),
    )


def _delays(rows: Sequence[_Compared], by: str, label: Callable[[str], str]) -> list[ReasonDelay]:
    """Figures of people delayed that name one reason, or one responsible body; most first."""
    found = []
    for row in rows:
        named = row.figure.named_arguments().get(by, "|")
        if row.figure.measure == _DELAYED and "|" not in named:
            figures = (row.row[c] for c in ("mean", "lower95", "upper95", "published"))
            found.append(ReasonDelay(label(named), *figures))
    return sorted(found, key=lambda row: -row.published)
