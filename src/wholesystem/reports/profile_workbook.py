"""A profile as a workbook: one table a sheet, a list of contents, words in place of icons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wholesystem.indicators.profile.standouts import PARTS
from wholesystem.reports.profile_view import definition_rows, summary_row

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from wholesystem.indicators.profile.build import AreaProfile, IndicatorProfile
    from wholesystem.reports.profile_page import LoadedFile

__all__ = ["write_profile_workbook"]

Cell = str | float | int | None
_WIDEST = 60
_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class _Sheet:
    """A table of its own sheet."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    note: str = ""
    #: For each column, decimals of its numbers; None = as they are.
    decimals: tuple[int | None, ...] = ()


def write_profile_workbook(
    profile: AreaProfile, path: Path, files: Sequence[LoadedFile] = ()
) -> None:
    """Write a profile as an Excel workbook.

    Parameters
    ----------
    profile : AreaProfile
        From `make_profile`.
    path : Path
        The workbook to write.
    files : sequence of LoadedFile
        Files that the figures were read from.

    Notes
    -----
    Every sheet has a title in its first cell, at most a note beneath, and one table from the
    third row on, with a header row, no merged cell and no blank row. Text is written as text, so
    that no cell is taken for a formula. A figure that is not known leaves its cell blank; the
    column beside says why.
    """
    import xlsxwriter

    # In memory: thousands of cells, and no temporary file to leave behind.
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": f"{profile.area.name}: local data profile",
                "subject": "Local data profile",
                "comments": "Open Government Licence v3.0 sources; see the sheets.",
            }
        )
        sheets = [*_overall(profile, files), *_by_indicator(profile)]
        styles = _Styles(book)
        _write_contents(book, profile, sheets, styles)
        for number, sheet in enumerate(sheets, start=1):
            _write_sheet(book, sheet, styles, f"Table{number}")


# ------------------------------------------------------------------------ what is written


def _overall(profile: AreaProfile, files: Sequence[LoadedFile]) -> Iterable[_Sheet]:
    yield _summary_sheet(profile)
    yield _Sheet(
        "What stands out",
        "What changed and what stands out, by rule",
        ("Part", "Indicator", "What is to be seen", "Rule"),
        [
            (PARTS[one.part], one.name, one.sentence, one.rule.replace("_", " "))
            for one in profile.stand_outs
        ],
    )
    if profile.comparators is not None:
        yield _comparators_sheet(profile)
    yield _across_sheet(profile)
    yield _definitions_sheet(profile)
    if files:
        yield _Sheet(
            "Files",
            "Files that the figures were read from",
            ("File", "Format", "Rows read", "Rows kept", "Rows skipped and why"),
            [(one.file, one.format, one.rows_read, one.rows_kept, one.skipped) for one in files],
        )


def _summary_sheet(profile: AreaProfile) -> _Sheet:
    rows: list[tuple[Cell, ...]] = []
    for one in profile.indicators:
        text = summary_row(one)
        group, england, rank = (
            one.comparison.comparators, one.comparison.england, one.comparison.rank,
        )  # fmt: skip
        rows.append(
            (
                text.group,
                text.name,
                text.whose,
                text.period,
                _rounded(one, one.latest_value),
                one.indicator.unit,
                _rounded(one, group.versus.value if group else None),
                _rounded(one, england.value if england else None),
                rank.place if rank else None,
                rank.of if rank else None,
                {"low": "lowest, best", "high": "highest, best"}.get(
                    one.indicator.better, "highest"
                ),
                text.trend,
                text.variation_words,
                text.assurance_words,
            )
        )
    columns = ("Group", "Indicator", "Whose", "Period", "Latest", "Unit", "Comparators", "England",
               "Place", "Of", "First place is", "Trend", "Variation", "Target")  # fmt: skip
    return _Sheet(
        "Summary", "Each indicator's latest figure, against others and over time", columns, rows
    )


def _comparators_sheet(profile: AreaProfile) -> _Sheet:
    chosen = profile.comparators
    if chosen is None:
        raise ValueError("Called only where there are comparators.")
    near = chosen.neighbours
    distances: Sequence[float | None] = near.distances if near else [None] * len(chosen.codes)
    rows = [
        (name, code, None if d is None else round(d, 3))
        for name, code, d in zip(chosen.names, chosen.codes, distances, strict=True)
    ]
    columns = ("Area", "Code", "Distance")
    if near is None:
        return _Sheet(
            "Comparators", chosen.label, columns[:2], [r[:2] for r in rows], chosen.method
        )
    return _Sheet("Comparators", chosen.label, columns, list(rows), chosen.method)


def _across_sheet(profile: AreaProfile) -> _Sheet:
    rows: list[tuple[Cell, ...]] = []
    for one in profile.indicators:
        figures, period = one.areas, one.latest_period
        codes = one.comparison.comparators.codes if one.comparison.comparators else ()
        for i in figures.peers(one.subject.code):
            code = figures.codes[i]
            role = "this one" if code == one.subject.code else ""
            role = "comparator" if code in codes else role
            rows.append(
                (
                    one.name,
                    period,
                    code,
                    figures.names[i],
                    _rounded(one, float(figures.values[i])),
                    one.indicator.unit,
                    role,
                    figures.why_missing(code),
                )
            )
    columns = ("Indicator", "Period", "Code", "Area or trust", "Figure", "Unit", "Role",
               "Why there is no figure")  # fmt: skip
    return _Sheet("Across areas", "The latest figure of every area or trust", columns, rows)


def _definitions_sheet(profile: AreaProfile) -> _Sheet:
    terms: list[str] = []
    found = []
    for one in profile.indicators:
        rows = dict(definition_rows(one))
        terms += [term for term in rows if term not in terms]
        found.append((one, rows))
    return _Sheet(
        "Definitions",
        "What each indicator is, and what it cannot show",
        ("Indicator", *terms, "What it cannot show"),
        [
            (one.name, *(rows.get(term, "") for term in terms), one.indicator.caveats)
            for one, rows in found
        ],
    )


def _by_indicator(profile: AreaProfile) -> Iterable[_Sheet]:
    used: set[str] = set()
    for number, one in enumerate(profile.indicators, start=1):
        name = _sheet_name(number, one.name)
        used.add(name)
        yield _indicator_sheet(name, one)


def _sheet_name(number: int, name: str) -> str:
    """A name that Excel takes; the number makes it the only one."""
    return f"{number} {name.translate(_FORBIDDEN)}"[:_NAME_LENGTH].rstrip(" '")


def _indicator_sheet(name: str, one: IndicatorProfile) -> _Sheet:
    columns = ("Period start", "Period end", "Figure", "Numerator", "Denominator", "England",
               "Comparators", "Mean", "Lower limit", "Upper limit", "Rule broken", "Variation",
               "Where it was read", "Note")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for i, (start, end) in enumerate(one.periods):
        limits: tuple[Cell, ...] = (None,) * 5
        if one.chart:
            chart = one.chart
            limits = (
                *(_rounded(one, float(part[i])) for part in (
                    chart.limits.centre, chart.limits.lower, chart.limits.upper)),
                chart.special_causes[i],
                chart.variations[i],
            )  # fmt: skip
        rows.append(
            (
                start.isoformat(),
                end.isoformat(),
                _rounded(one, float(one.values[i])),
                _plain(one.row.numerators[i]),
                _plain(one.row.denominators[i]),
                _rounded(one, float(one.england[i])),
                _rounded(one, float(one.comparators[i])),
                *limits,
                one.row.sources[i],
                one.row.notes[i],
            )
        )
    title = f"{one.name} ({one.indicator.unit})"
    return _Sheet(name, title, columns, rows, one.subject.note)


def _rounded(one: IndicatorProfile, value: float | None) -> float | None:
    """A figure with two decimals more than are shown, so that Excel's own sums stay near."""
    if value is None or np.isnan(value):
        return None
    return round(value, one.indicator.decimals + 2)


def _plain(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


# ------------------------------------------------------------------------ writing


class _Styles:
    """The formats of the workbook."""

    def __init__(self, book: Workbook) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.note: Format = book.add_format({"text_wrap": False})
        self.head: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.link: Format = book.add_format({"font_color": "#005eb8", "underline": 1})


def _write_contents(
    book: Workbook, profile: AreaProfile, sheets: Sequence[_Sheet], styles: _Styles
) -> None:
    page = book.add_worksheet("Contents")
    page.write_string(0, 0, f"{profile.area.name}: local data profile", styles.title)
    page.write_string(1, 0, " ".join(profile.cautions) or "One table a sheet.", styles.note)
    page.write_row(2, 0, ["Sheet", "What it holds", "Rows"], styles.head)
    for row, sheet in enumerate(sheets, start=3):
        page.write_url(row, 0, f"internal:'{sheet.name.replace(chr(39), chr(39) * 2)}'!A1",
                       styles.link, sheet.name)  # fmt: skip
        page.write_string(row, 1, sheet.title)
        page.write_number(row, 2, len(sheet.rows))
    row = len(sheets) + 4
    for text in _notes(profile):
        page.write_string(row, 0, text)
        row += 1
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 70)
    page.freeze_panes(3, 0)


def _notes(profile: AreaProfile) -> list[str]:
    return [
        "A blank cell means that no figure is known; the note beside it says why.",
        f"Charts count the last {profile.options.periods} periods; limits, rules and words as in"
        " Making Data Count (XmR).",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ]


def _write_sheet(book: Workbook, sheet: _Sheet, styles: _Styles, table: str) -> None:
    page = book.add_worksheet(sheet.name)
    page.write_string(0, 0, sheet.title, styles.title)
    page.write_string(1, 0, sheet.note, styles.note)
    for row, cells in enumerate(sheet.rows, start=3):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell)
            elif cell is not None:
                page.write_number(row, column, cell)
    last = 2 + max(1, len(sheet.rows))
    page.add_table(
        2, 0, last, len(sheet.columns) - 1,
        {
            "name": table,
            "columns": [{"header": c, "header_format": styles.head} for c in sheet.columns],
            "style": "Table Style Light 1",
        },
    )  # fmt: skip
    for column, width in enumerate(_widths(sheet)):
        page.set_column(column, column, width)
    page.freeze_panes(3, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)


def _widths(sheet: _Sheet) -> list[int]:
    widths = []
    for column, head in enumerate(sheet.columns):
        longest = max((len(str(row[column] or "")) for row in sheet.rows), default=0)
        widths.append(min(_WIDEST, max(longest, min(len(head), 14)) + 2))
    return widths
