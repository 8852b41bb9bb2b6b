"""A long published table: one row an organisation and period, read column by column.

Every value is read once for each different text, so that 150,000 rows take a fraction of a
second. Each row is kept, or skipped for a reason that is counted; what breaks a rule of the
format is a fault, and all faults are told together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.cells import CellError, cell_text, fold, read_figure
from wholesystem.indicators.loaders.loaded import Loaded, LoadError, Skipped
from wholesystem.indicators.loaders.table_columns import Figures, Places, Spans, Texts
from wholesystem.indicators.observations import OBSERVATIONS

if TYPE_CHECKING:
    import numpy.typing as npt

    from wholesystem.indicators.loaders.sheets import Columns, Sheet, Workbook

    Mask = npt.NDArray[np.bool_]
    Whole = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["Figures", "LongTable", "Places", "Spans", "Texts", "lacks_columns", "same_figure"]


def lacks_columns(workbook: Workbook, needed: Iterable[str]) -> str:
    """Why a file is not the long table that has certain columns.

    Parameters
    ----------
    workbook : Workbook
        The file.
    needed : iterable of str
        Columns that it must have, in any order and without regard to capitals.

    Returns
    -------
    str
        "" where it is; else a short phrase such as ``no column breaches``.
    """
    sheet = workbook.first()
    wanted = [fold(one) for one in needed]
    best: list[str] = list(wanted)
    for header in sheet.top_headers():
        lacking = [one for one in wanted if one not in header]
        if not lacking:
            return ""
        if len(lacking) < len(best):
            best = lacking
    return "no column " + ", ".join(best[:3])


@dataclass
class LongTable:
    """One long table, and what becomes of each of its rows.

    Made by `LongTable.open`; ends in `LongTable.loaded`.

    Parameters
    ----------
    workbook : Workbook
        The file.
    publisher : str
        Who publishes the figures.
    sheet : Sheet
        Its first sheet.
    columns : Columns
        The table below the header.
    """

    workbook: Workbook
    publisher: str
    sheet: Sheet
    columns: Columns
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    parts: list[pa.Table] = field(default_factory=list)
    _reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = {fold(name): name for name in self.columns.table.column_names}
        # 0 = kept; else one more than the place of its reason
        self._fate: Whole = np.zeros(len(self), dtype=np.int64)
        self.rows: Whole = np.asarray(self.columns.rows, dtype=np.int64) + 1
        for row, cells, expected in self.columns.misshapen:
            rule = f"The row has {cells} cells, the header has {expected}."
            self.faults.append(
                Fault(self.sheet.where(row), None, rule, "Fetch the file again, or mend the row.")
            )
        if not len(self):
            self.faults.append(_no_rows(self.sheet))

    @classmethod
    def open(cls, workbook: Workbook, publisher: str, needed: Sequence[str]) -> LongTable:
        """The table of the first sheet whose header has certain columns.

        Parameters
        ----------
        workbook : Workbook
            One that `lacks_columns` finds nothing lacking in.
        publisher : str
            Who publishes the figures.
        needed : sequence of str
            The columns that tell the header row.

        Returns
        -------
        LongTable
            With a fault for each line that has not as many cells as the header.

        Raises
        ------
        LoadError
            If there is nothing below the header.
        """
        sheet = workbook.first()
        wanted = {fold(one) for one in needed}
        row = next(i for i, one in enumerate(sheet.top_headers()) if wanted.issubset(one))
        try:
            sheet.rows[row + 1]
        except IndexError:
            raise LoadError([_no_rows(sheet)]) from None
        table = cls(workbook, publisher, sheet, sheet.columns(row))
        table.warnings += sheet.notes_below(row)
        return table

    def __len__(self) -> int:
        """Rows that are not wholly blank."""
        return int(self.columns.table.num_rows)

    @property
    def kept(self) -> Mask:
        """Rows that are not skipped."""
        return np.asarray(self._fate == 0)

    def has(self, name: str) -> bool:
        """Whether there is such a column.

        Parameters
        ----------
        name : str
            Without regard to capitals.

        Returns
        -------
        bool
            True where there is.
        """
        return fold(name) in self.names

    def letters(self, name: str) -> str:
        """Letters of a column, as a spreadsheet shows them.

        Parameters
        ----------
        name : str
            Of a column that there is.

        Returns
        -------
        str
            Such as ``D``.
        """
        return self.columns.letters[self.names[fold(name)]]

    def texts(self, name: str) -> Texts:
        """A column as texts.

        Parameters
        ----------
        name : str
            Of a column that there is.

        Returns
        -------
        Texts
            Without space around them and with one space between words; "" where blank.
        """
        column = self.columns.table[self.names[fold(name)]].combine_chunks()
        coded = pc.dictionary_encode(pc.fill_null(column, ""))
        coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
        index = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
        return Texts(index, tuple(coded.dictionary.to_pylist())).map(cell_text)

    def where(self, place: int, letters: str = "") -> str:
        """Place of a cell or row, for messages.

        Parameters
        ----------
        place : int
            Of the row in this table, from 0.
        letters : str
            Of the column; "" for the row.

        Returns
        -------
        str
            Such as ``beds.csv, cell D17``.
        """
        row = int(self.rows[place])
        return f"{self.sheet.shown_as}, " + (f"cell {letters}{row}" if letters else f"row {row}")

    def fault(self, place: int, name: str, value: str | None, rule: str, remedy: str) -> None:
        """Add a fault of a cell.

        Parameters
        ----------
        place : int
            Of the row in this table, from 0.
        name : str
            Of the column.
        value : str or None
            What stands there.
        rule, remedy : str
            Sentences.
        """
        self.faults.append(Fault(self.where(place, self.letters(name)), value, rule, remedy))

    def skip(self, rows: Mask, reason: str) -> int:
        """Leave rows out, counted under a reason. Rows that are out already stay so.

        Parameters
        ----------
        rows : ndarray of bool, shape (n_rows,)
            Which.
        reason : str
            As `Skipped` gives it.

        Returns
        -------
        int
            How many.
        """
        new = rows & self.kept
        if not new.any():
            return 0
        if reason not in self._reasons:
            self._reasons.append(reason)
        self._fate[new] = self._reasons.index(reason) + 1
        return int(new.sum())

    def checked(
        self,
        name: str,
        holds: Callable[[str], object],
        rule: str,
        remedy: str,
        *,
        blank: str = "",
    ) -> Texts:
        """A column of texts that must meet a condition, such as codes.

        Parameters
        ----------
        name : str
            Of the column.
        holds : callable
            The condition, given a text.
        rule, remedy : str
            Sentences for the fault of the first cell of each text that does not meet it.
        blank : str
            Reason for which a row without text is skipped; "" where a blank cell is a fault.

        Returns
        -------
        Texts
            As `texts`.
        """
        texts = self.texts(name)
        if blank:
            self.skip(texts.mask(lambda text: not text), blank)
        kept = self.kept
        for i, text in enumerate(texts.values):
            if (blank and not text) or holds(text):
                continue
            rows = np.flatnonzero((texts.index == i) & kept)
            if len(rows):
                more = f" {len(rows)} cells hold it." if len(rows) > 1 else ""
                self.fault(int(rows[0]), name, text, rule, remedy + more)
        return texts

    def figures(self, name: str, *, may_be_negative: bool = False) -> Figures:
        """A column as numbers; blanks and marks of suppression have a note and no value.

        Parameters
        ----------
        name : str
            Of the column.
        may_be_negative : bool
            False where a number below 0 is a fault.

        Returns
        -------
        Figures
            With a fault for the first cell of each text that is no number.
        """
        texts = self.texts(name)
        values = np.full(len(texts.values), np.nan)
        notes = np.full(len(texts.values), None, dtype=object)
        for i, text in enumerate(texts.values):
            try:
                figure = read_figure(text)
            except CellError as error:
                self._bad_figure(name, texts, i, error.rule, error.remedy)
                continue
            values[i] = np.nan if figure.value is None else figure.value
            notes[i] = figure.note
            if values[i] < 0 and not may_be_negative:
                self._bad_figure(name, texts, i, "It must be 0 or more.", "Mend the cell.")
        return Figures(name, self.letters(name), values[texts.index], notes[texts.index])

    def _bad_figure(self, name: str, texts: Texts, i: int, rule: str, remedy: str) -> None:
        rows = np.flatnonzero((texts.index == i) & self.kept)
        if len(rows):
            self.fault(int(rows[0]), name, texts.values[i], rule, remedy)

    def periods(
        self, name: str, read: Callable[[str], tuple[date, date]], rule: str, remedy: str
    ) -> Spans:
        """A column as periods.

        Parameters
        ----------
        name : str
            Of the column.
        read : callable
            Given a text, first and last day; raises ValueError where it is no such period.
        rule, remedy : str
            Sentences for the fault of the first cell of each text that is none.

        Returns
        -------
        Spans
            Of every row; 1970-01-01 where there is a fault.
        """
        texts = self.texts(name)
        spans = [(date(1970, 1, 1), date(1970, 1, 1))] * len(texts.values)
        for i, text in enumerate(texts.values):
            try:
                spans[i] = read(text)
            except ValueError:
                self._bad_figure(name, texts, i, rule, remedy)
        pairs = np.array(spans, dtype="datetime64[D]").reshape(-1, 2)[texts.index]
        return Spans(pairs[:, 0], pairs[:, 1])

    def refuse_repeats(self, keys: Sequence[Whole], figures: Sequence[Figures], what: str) -> None:
        """One row an organisation and period: the same row again is skipped, another is a fault.

        Parameters
        ----------
        keys : sequence of ndarray of int, shape (n_rows,)
            Numbers that stand for organisation, period and what else tells rows apart.
        figures : sequence of Figures
            What the rows say.
        what : str
            Of what there should be one row, for messages: ``trust and day``.
        """
        for rows in self.repeats(keys):
            first = rows[0]
            for other in rows[1:]:
                unlike = [one for one in figures if not same_figure(*one.values[[first, other]])]
                if not unlike:
                    again = np.zeros(len(self), dtype=bool)
                    again[other] = True
                    self.skip(again, f"the same {what} again with the same figures")
                    continue
                one = unlike[0]
                self.faults.append(
                    Fault(
                        self.where(int(other), one.letters),
                        f"{one.values[other]:.10g}",
                        f"The same {what} stands in row {self.rows[first]} with "
                        f"{one.values[first]:.10g}.",
                        "Keep the row that is right.",
                    )
                )

    def repeats(self, keys: Sequence[Whole]) -> list[Whole]:
        """Kept rows that share a key.

        Parameters
        ----------
        keys : sequence of ndarray of int, shape (n_rows,)
            Numbers that stand for organisation, period and what else tells rows apart.

        Returns
        -------
        list of ndarray of int
            Places of the rows of each key that more than one has, in order of the table.
        """
        kept = np.flatnonzero(self.kept)
        joined = np.zeros(len(kept), dtype=np.int64)
        for key in keys:
            _, number = np.unique(key[kept], return_inverse=True)
            joined = joined * (int(number.max(initial=0)) + 1) + number
        _, number, count = np.unique(joined, return_inverse=True, return_counts=True)
        shared = np.flatnonzero(count[number] > 1)
        if not len(shared):
            return []
        order = shared[np.argsort(number[shared], kind="stable")]
        edges = np.flatnonzero(np.diff(number[order])) + 1
        groups: list[Whole] = [kept[part] for part in np.split(order, edges)]
        return groups

    def observe(
        self,
        indicator: str | Texts,
        figures: Figures,
        places: Places,
        spans: Spans,
        *,
        unit: str,
        base: str | None = None,
        rows: Mask | None = None,
    ) -> None:
        """Observations of a column: one for each kept row.

        Parameters
        ----------
        indicator : str or Texts
            Id, for all rows or for each.
        figures : Figures
            The column.
        places : Places
            Whose.
        spans : Spans
            When.
        unit : str
            Of the figures.
        base : str, optional
            Whom they are about.
        rows : ndarray of bool, optional
            Rows that have it; without it all kept ones.
        """
        mask = self.kept if rows is None else rows & self.kept
        keep = pa.array(mask)
        count = int(mask.sum())

        def column(one: Texts | str | None) -> pa.Array:
            if isinstance(one, Texts):
                return one.arrow().filter(keep)
            return pa.repeat(pa.scalar(one, pa.string()), count)

        values: dict[str, pa.Array] = {
            "indicator": column(indicator),
            "area_code": column(places.codes),
            "area": column(places.names),
            "area_kind": column(places.kinds),
            "geography": column(places.geography),
            "of": column(places.of),
            "period_start": pa.array(spans.start[mask]),
            "period_end": pa.array(spans.end[mask]),
            "value": pa.array(figures.values[mask], from_pandas=True),
            "base": column(base),
            "unit": column(unit),
            "publisher": column(self.publisher),
            "file": column(self.workbook.file),
            "sheet": column(self.sheet.name or None),
            "cell": self._cells(figures, mask),
            "note": pa.array(figures.notes[mask], pa.string()),
        }
        blank = {name: pa.nulls(count, OBSERVATIONS.field(name).type) for name in _UNUSED}
        every = values | blank
        self.parts.append(pa.table([every[one.name] for one in OBSERVATIONS], schema=OBSERVATIONS))

    def _cells(self, figures: Figures, mask: Mask) -> pa.Array:
        rows = pa.array(self.rows[mask]).cast(pa.string())
        parts = [pa.scalar(figures.letters), rows]
        if figures.last_letters:
            parts += [pa.scalar(f":{figures.last_letters}"), rows]
        return pc.binary_join_element_wise(*parts, "")

    def loaded(self, format_id: str, lookups: dict[str, pa.Table] | None = None) -> Loaded:
        """What reading the table gives.

        Parameters
        ----------
        format_id : str
            Of the format.
        lookups : dict of str to pyarrow.Table, optional
            Look-ups made of it.

        Returns
        -------
        Loaded
            With an account of every row.

        Raises
        ------
        LoadError
            If there is any fault.
        """
        if self.faults:
            raise LoadError(self.faults)
        parts = self.parts or [OBSERVATIONS.empty_table()]
        return Loaded(
            self.workbook.file,
            format_id,
            rows_read=len(self),
            rows_kept=int(self.kept.sum()),
            skipped=self.skipped(),
            observations=pa.concat_tables(parts).combine_chunks(),
            sha256=self.workbook.sha256,
            lookups=lookups or {},
            warnings=tuple(self.warnings),
        )

    def skipped(self) -> tuple[Skipped, ...]:
        """The rows left out, by reason.

        Returns
        -------
        tuple of Skipped
            In the order in which the reasons were met.
        """
        found = []
        for i, reason in enumerate(self._reasons, start=1):
            rows = np.flatnonzero(self._fate == i)
            found.append(Skipped(reason, len(rows), self.where(int(rows[0]))))
        return tuple(found)


def _no_rows(sheet: Sheet) -> Fault:
    return Fault(sheet.shown_as, None, "It has no row of figures.", "Fetch the file again.")


_UNUSED = ("numerator", "denominator", "published", "revised")


def same_figure(one: float, other: float) -> bool:
    """Whether two figures are equal, or neither is there.

    Parameters
    ----------
    one, other : float
        NaN where there is none.

    Returns
    -------
    bool
        True where they are.
    """
    return bool(one == other or (np.isnan(one) and np.isnan(other)))
