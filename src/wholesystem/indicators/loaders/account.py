"""What becomes of each row of a published table, and the observations made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from wholesystem.indicators.loaders.loaded import Skipped
from wholesystem.indicators.observations import OBSERVATIONS

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.cells import Figure

__all__ = ["Account", "ObservationRows"]


class Account:
    """Rows read, kept and skipped; what is skipped has its reason.

    Attributes
    ----------
    read, kept : int
        Rows so far; what is read and not kept is skipped.
    """

    def __init__(self) -> None:
        self.read = 0
        self.kept = 0
        self._skipped: dict[str, tuple[int, str]] = {}

    def keep(self, rows: int = 1) -> None:
        """Count rows that became observations.

        Parameters
        ----------
        rows : int, optional
            How many; >= 0.
        """
        self.read += rows
        self.kept += rows

    def skip(self, reason: str, where: str) -> None:
        """Count a row that became none.

        Parameters
        ----------
        reason : str
            Why.
        where : str
            Its place.
        """
        self.read += 1
        rows, first = self._skipped.get(reason, (0, where))
        self._skipped[reason] = (rows + 1, first)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The skipped rows by reason, in the order in which the reasons were met."""
        return tuple(Skipped(why, rows, first) for why, (rows, first) in self._skipped.items())


class ObservationRows:
    """Observations, gathered row by row.

    Parameters
    ----------
    **same : str or None
        Columns of `OBSERVATIONS` that are the same in all rows.
    """

    _VARYING = (
        "indicator",
        "area_code",
        "area",
        "area_kind",
        "geography",
        "period_start",
        "period_end",
        "value",
        "sheet",
        "cell",
        "published",
        "revised",
        "note",
    )

    def __init__(self, **same: str | None) -> None:
        self._same = same
        self._columns: dict[str, list[Any]] = {name: [] for name in self._VARYING}

    def add(self, indicator: str, figure: Figure, cell: str, context: Mapping[str, Any]) -> None:
        """Add one figure.

        Parameters
        ----------
        indicator : str
            Id.
        figure : Figure
            Value, and note where there is one.
        cell : str
            Address.
        context : mapping
            The other columns: area, period, sheet and dates.
        """
        columns = self._columns
        columns["indicator"].append(indicator)
        columns["value"].append(figure.value)
        columns["cell"].append(cell)
        columns["note"].append(figure.note)
        for name in _CONTEXT:
            columns[name].append(context[name])

    def table(self) -> pa.Table:
        """The observations.

        Returns
        -------
        pyarrow.Table
            In the columns of `OBSERVATIONS`.
        """
        count = len(self._columns["indicator"])
        arrays = []
        for field in OBSERVATIONS:
            if field.name in self._columns:
                arrays.append(pa.array(self._columns[field.name], field.type))
            else:
                same = self._same.get(field.name)
                arrays.append(pa.repeat(pa.scalar(same, field.type), count))
        return pa.table(arrays, schema=OBSERVATIONS)


_CONTEXT = tuple(
    name for name in ObservationRows._VARYING if name not in ("indicator", "value", "cell", "note")
)
