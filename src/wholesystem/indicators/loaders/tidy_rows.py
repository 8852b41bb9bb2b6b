"""From the rows of a table of one's own to observations, by its mapping."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from wholesystem.errors import Fault, ParameterError
from wholesystem.indicators.area_search import find_area
from wholesystem.indicators.geography import Area, every_area, geography_version
from wholesystem.indicators.loaders.cells import CellError, read_figure
from wholesystem.indicators.loaders.long_table import Figures, LongTable, Spans, Texts
from wholesystem.indicators.loaders.tidy_mapping import NUMBER_FORMATS, NUMBERS, Entry, Mapping
from wholesystem.indicators.loaders.tidy_periods import date_reader, period_reader
from wholesystem.indicators.observations import OBSERVATIONS, Catalogue
from wholesystem.tables.grid import unescape_cell

__all__ = ["observe_rows"]

_ORGANISATIONS = ("trust", "icb")
_ORGANISATION_CODE = re.compile(r"[A-Z0-9]{3,9}", re.ASCII)
_NO_DAY = np.datetime64("NaT", "D")


def observe_rows(table: LongTable, mapping: Mapping, catalogue: Catalogue) -> None:
    """Add the observations of a table to it, and every fault.

    Parameters
    ----------
    table : LongTable
        With the columns that the mapping names.
    mapping : Mapping
        Without faults.
    catalogue : mapping of str to Indicator
        For the unit and base of an indicator where the mapping says none.
    """
    _Rows(table, mapping, catalogue).observe()


class _Rows:
    """One table on its way to observations."""

    def __init__(self, table: LongTable, mapping: Mapping, catalogue: Catalogue) -> None:
        self.table = table
        self.mapping = mapping
        self.catalogue = catalogue
        self._skip()
        self.spans = self._spans()
        self.published = self._days("published")
        self.revised = self._days("revised")
        self.areas = _Areas(self)

    def observe(self) -> None:
        groups = self.mapping.side_by_side or ("",)
        figures = {
            (name, group): self._figures(name, group) for group in groups for name in NUMBERS
        }
        indicators = {group: self._indicators(group) for group in groups}
        self._refuse_repeats(
            [one for one in figures.values() if one is not None], list(indicators.values())
        )
        for group in groups:
            numbers = {name: figures[name, group] for name in NUMBERS}
            self._add(indicators[group], numbers, group)

    def _skip(self) -> None:
        for entry in self.mapping.entries:
            if entry.ours == "skip":
                texts = self.table.texts(entry.theirs)
                rows = np.array([text == entry.constant for text in texts.values])[texts.index]
                self.table.skip(rows, f"{entry.theirs} is {entry.constant} ({entry.where})")

    def texts(self, ours: str, group: str = "") -> Texts | None:
        """A column of ours as texts, one a row; None where the mapping has none."""
        entry = self.mapping.get(ours, group)
        if entry is None:
            return None
        if entry.theirs:
            return self.table.texts(entry.theirs).map(unescape_cell)
        if entry.in_braces:
            return self._filled(entry)
        return Texts.same(entry.constant, len(self.table))

    def _filled(self, entry: Entry) -> Texts:
        """A constant with what stands, in each row, in the columns that it names."""
        columns = [self.table.texts(name).array() for name in entry.in_braces]
        filled = [
            entry.filled(dict(zip(entry.in_braces, cells, strict=True)))
            for cells in zip(*columns, strict=True)
        ]
        values = tuple(dict.fromkeys(filled))
        at = {text: number for number, text in enumerate(values)}
        return Texts(np.array([at[text] for text in filled], dtype=np.int64), values)

    def _spans(self) -> Spans:
        entry = self.mapping.get("period")
        if entry is None:
            start, end = self._days("period_start"), self._days("period_end")
            return Spans(start, end)
        kind, _, pattern = entry.format.partition(" ")
        read, what = period_reader(kind, pattern.strip())
        rule = f"The period must be {what}."
        if entry.theirs:
            return self.table.periods(entry.theirs, read, rule, "Mend the cell, or the mapping.")
        try:
            first, last = read(entry.constant)
        except ValueError:
            self._constant_fault(entry, rule)
            first = last = date(1970, 1, 1)
        count = len(self.table)
        return Spans(*(np.full(count, day, "datetime64[D]") for day in (first, last)))

    def _days(self, ours: str) -> Any:
        """Dates of a column; NaT where blank."""
        entry, texts = self.mapping.get(ours), self.texts(ours)
        if entry is None or texts is None:
            return np.full(len(self.table), _NO_DAY)
        read = date_reader(entry.format)
        days: list[Any] = [_NO_DAY] * len(texts.values)
        for i, text in enumerate(texts.values):
            try:
                if text or ours.startswith("period"):
                    days[i] = np.datetime64(read(text), "D")
            except ValueError:
                self._text_fault(entry, texts, i, f"The column {ours} needs a date.")
        return np.array(days, dtype="datetime64[D]")[texts.index]

    def _figures(self, ours: str, group: str) -> Figures | None:
        entry = self.mapping.get(ours, group)
        if entry is None:
            return None
        scale = NUMBER_FORMATS[entry.format]
        if entry.theirs:
            figures = self.table.figures(entry.theirs, may_be_negative=True)
        else:
            figures = self._constant_figures(entry)
        return replace(figures, values=figures.values * scale)

    def _constant_figures(self, entry: Entry) -> Figures:
        count = len(self.table)
        value, note = np.nan, None
        try:
            figure = read_figure(entry.constant)
            value, note = np.nan if figure.value is None else figure.value, figure.note
        except CellError as error:
            self._constant_fault(entry, error.rule)
        return Figures(entry.ours, "", np.full(count, value), np.full(count, note, dtype=object))

    def _indicators(self, group: str) -> Texts:
        if group:
            return Texts.same(group, len(self.table))
        texts = self.texts("indicator")
        return texts or Texts.same("", len(self.table))

    def _refuse_repeats(self, figures: list[Figures], indicators: list[Texts]) -> None:
        known = np.where(np.isnat(self.revised), self.published, self.revised)
        days = [day.astype(np.int64) for day in (self.spans.start, self.spans.end, known)]
        keys = [self.areas.number, *days]
        if len(indicators) == 1:
            keys.append(indicators[0].index)
        with_cells = [one for one in figures if one.letters]
        self.table.refuse_repeats(keys, with_cells, "indicator, area, period and day")

    def _add(self, indicators: Texts, numbers: dict[str, Figures | None], group: str) -> None:
        value = numbers["value"]
        if value is None:
            return
        columns: dict[str, Any] = {
            "indicator": indicators.array(),
            **self.areas.columns(),
            "period_start": self.spans.start,
            "period_end": self.spans.end,
            "published": self.published,
            "revised": self.revised,
            **self._from_catalogue(indicators, group),
            **self._source(value, group),
            "note": self._notes(value, group),
        }
        for name in NUMBERS:
            figures = numbers[name]
            none = np.full(len(self.table), np.nan)
            columns[name] = none if figures is None else figures.values
        keep = self.table.kept & self.areas.is_known
        arrays = [pa.array(columns[f.name][keep], f.type, from_pandas=True) for f in OBSERVATIONS]
        self.table.parts.append(pa.table(arrays, schema=OBSERVATIONS))

    def _from_catalogue(self, indicators: Texts, group: str) -> dict[str, Any]:
        """Unit, base and whose figures they are, where the mapping does not say."""
        known = [self.catalogue.get(name) for name in indicators.values]
        columns = {
            "unit": [one.unit if one else "" for one in known],
            "base": [(one.base or None) if one else None for one in known],
        }
        found = {
            name: np.array(texts, dtype=object)[indicators.index] for name, texts in columns.items()
        }
        for name in ("unit", "base"):
            own = self.texts(name, group)
            if own is not None:
                texts = own.array()
                found[name] = _none_if_blank(texts) if name == "base" else texts
        own = self.texts("of")
        of = np.where(np.isin(self.areas.kinds, _ORGANISATIONS), "trust", "residents")
        found["of"] = own.array() if own is not None else of.astype(object)
        return found

    def _source(self, value: Figures, group: str) -> dict[str, Any]:
        """Publisher, file, sheet and cell: those of the mapping, else where the figure stands."""
        count = len(self.table)
        letters = value.letters or "A"
        here = {
            "publisher": np.full(count, "", dtype=object),
            "file": np.full(count, self.table.workbook.file, dtype=object),
            "sheet": np.full(count, self.table.sheet.name or None, dtype=object),
            "cell": np.array([f"{letters}{row}" for row in self.table.rows], dtype=object),
        }
        for name in here:
            own = self.texts(name, group)
            if own is not None:
                texts = own.array()
                here[name] = _none_if_blank(texts)
        return here

    def _notes(self, value: Figures, group: str) -> Any:
        own = self.texts("note", group)
        if own is None:
            return value.notes
        notes = [_both_notes(*pair) for pair in zip(own.array(), value.notes, strict=True)]
        return np.array(notes, dtype=object)

    def _text_fault(self, entry: Entry, texts: Texts, i: int, rule: str) -> None:
        if not entry.theirs:
            self._constant_fault(entry, rule)
            return
        rows = np.flatnonzero((texts.index == i) & self.table.kept)
        if len(rows):
            more = f" {len(rows)} cells hold it." if len(rows) > 1 else ""
            remedy = "Mend the cell, or the mapping." + more
            self.table.fault(int(rows[0]), entry.theirs, texts.values[i], rule, remedy)

    def _constant_fault(self, entry: Entry, rule: str) -> None:
        where = f"{entry.where}, column constant"
        self.table.faults.append(Fault(where, entry.constant, rule, "Correct the mapping."))


def _none_if_blank(texts: Any) -> Any:
    return np.array([text or None for text in texts], dtype=object)


def _both_notes(text: str, note: str | None) -> str | None:
    """The note of the file, and the mark of the figure where it has one."""
    if not text or not note or note.startswith("blank"):
        return text or note or None
    return text if note in text else f"{text}; {note}"


class _Areas:
    """Area of each row: code, name, kind and version of the boundaries."""

    def __init__(self, rows: _Rows) -> None:
        self.rows = rows
        self.entry = rows.mapping.get("area_code") or rows.mapping.get("area")
        count = len(rows.table)
        nowhere = Texts.same("", count)
        self.texts = rows.texts("area_code") or rows.texts("area") or nowhere
        self.index = self.texts.index
        self.names = rows.texts("area")
        self.given_kinds = rows.texts("area_kind") or nowhere
        self.codes = np.full(count, "", dtype=object)
        self.shown = np.full(count, "", dtype=object)
        self.kinds = np.full(count, "", dtype=object)
        self.versions = np.full(count, "", dtype=object)
        self.is_known = np.zeros(count, dtype=bool)
        # one number an area, whether the file names it or gives one of its codes
        self.number = np.zeros(count, dtype=np.int64)
        self._numbers: dict[str, int] = {}
        self._told: set[str] = set()
        self._fill()

    def columns(self) -> dict[str, Any]:
        own = self.rows.texts("geography")
        return {
            "area_code": self.codes,
            "area": self.shown,
            "area_kind": self.kinds,
            "geography": self.versions if own is None else own.array(),
        }

    def _fill(self) -> None:
        """Fill in rows that share area, kind and period at one go."""
        starts, period = np.unique(self.rows.spans.start, return_inverse=True)
        kinds = self.given_kinds
        joined = (self.index * len(kinds.values) + kinds.index) * len(starts) + period
        order = np.argsort(joined, kind="stable")
        edges = np.flatnonzero(np.diff(joined[order])) + 1
        for group in np.split(order, edges) if len(order) else ():
            rows = group[self.rows.table.kept[group]]
            if len(rows):
                self._fill_rows(rows, starts[period[rows[0]]])

    def _fill_rows(self, rows: Any, start: np.datetime64) -> None:
        text = self.texts.values[self.index[rows[0]]]
        kind = self.given_kinds.values[self.given_kinds.index[rows[0]]]
        if kind in _ORGANISATIONS:
            self._fill_organisation(rows, text, kind)
            return
        day = date.fromisoformat(str(start)) if not np.isnat(start) else date(1970, 1, 1)
        area = self._find(rows, text, day)
        if area is None:
            return
        if kind and kind != area.kind:
            self._fault(rows, text, f"{area.name} is of kind {area.kind}, not {kind}.")
            return
        version = geography_version(min(day, area.valid_to or day))
        self._set(rows, area.code, area.name, area.kind, version)

    def _find(self, rows: Any, text: str, day: date) -> Area | None:
        known = every_area().get(text.strip())
        if known is not None:
            return known
        if not text:
            self._fault(rows, text, "Each row has an area.")
            return None
        try:
            return find_area(text, day)
        except ParameterError as error:
            self._fault(rows, text, str(error))
            return None

    def _fill_organisation(self, rows: Any, text: str, kind: str) -> None:
        code = text.upper()
        if not _ORGANISATION_CODE.fullmatch(code):
            rule = "An organisation's code is 3 to 9 letters and digits (map it to area_code)."
            self._fault(rows, text, rule)
            return
        self._set(rows, code, code, kind, f"{kind}-as-published")
        if self.names is not None:
            names = self.names.array()[rows]
            self.shown[rows] = np.where(names == "", code, names)

    def _set(self, rows: Any, code: str, name: str, kind: str, version: str) -> None:
        self.codes[rows], self.shown[rows] = code, name
        self.kinds[rows], self.versions[rows] = kind, version
        self.is_known[rows] = True
        self.number[rows] = self._numbers.setdefault(code, len(self._numbers) + 1)

    def _fault(self, rows: Any, text: str, rule: str) -> None:
        if text in self._told or self.entry is None:
            return
        self._told.add(text)
        place = self.texts.values.index(text)
        self.rows._text_fault(self.entry, self.texts, place, rule)
