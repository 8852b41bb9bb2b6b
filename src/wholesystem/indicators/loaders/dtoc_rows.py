"""What the workbooks of delayed transfers have in common when they become observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wholesystem.indicators.loaders.account import ObservationRows
from wholesystem.indicators.loaders.spans import month_end

if TYPE_CHECKING:
    from wholesystem.indicators.geography import Area
    from wholesystem.indicators.loaders.dtoc_tables import Dates
    from wholesystem.indicators.loaders.sheets import Sheet

__all__ = ["ASK_AGAIN", "NOTE", "PUBLISHER", "TOLERANCE", "context", "indicator_of", "new_rows"]

PUBLISHER = "NHS England"
ASK_AGAIN = "Fetch the workbook again; if it is so there too, ask the publisher."
NOTE = "a note or heading, no figures"
# People per day; the publisher writes days / days of the month in full precision.
TOLERANCE = 1e-6


def new_rows(file: str) -> ObservationRows:
    """Rows for the observations of a workbook, none yet.

    Parameters
    ----------
    file : str
        Its name as published.

    Returns
    -------
    ObservationRows
        Of days, of residents aged 18 or over.
    """
    return ObservationRows(
        of="residents", base="people aged 18 or over", unit="days", publisher=PUBLISHER, file=file
    )


def context(sheet: Sheet, dates: Dates, area: Area, version: str) -> dict[str, Any]:
    """What the observations of one area and month have in common.

    Parameters
    ----------
    sheet : Sheet
        They stand in.
    dates : Dates
        Month, and dates of publication and revision.
    area : Area
        Whose they are.
    version : str
        Of the boundaries.

    Returns
    -------
    dict
        Columns of `OBSERVATIONS`.
    """
    return {
        "area_code": area.code,
        "area": area.name,
        "area_kind": area.kind,
        "geography": version,
        "period_start": dates.month,
        "period_end": month_end(dates.month),
        "sheet": sheet.name,
        "published": dates.published,
        "revised": dates.revised,
    }


def indicator_of(column: str, kind: str) -> str:
    """Indicator of a column of days.

    Parameters
    ----------
    column : str
        ``total``, ``acute``, the code of a reason ...
    kind : str
        Of the table: ``type``, ``body``, ``reason`` or ``all``.

    Returns
    -------
    str
        Its id.

    Examples
    --------
    >>> indicator_of("total", "type"), indicator_of("dii", "reason")
    ('dtoc_days', 'dtoc_days_reason_dii')
    """
    if column == "total":
        return "dtoc_days"
    return f"dtoc_days_reason_{column}" if kind == "reason" else f"dtoc_days_{column}"
