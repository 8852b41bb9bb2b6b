"""Whose figures a row of a published table is: trusts, other providers, ICBs and England."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wholesystem.indicators.loaders.long_table import Places

if TYPE_CHECKING:
    from wholesystem.indicators.loaders.long_table import LongTable, Texts

__all__ = [
    "ENGLAND",
    "GSS_CODE",
    "ICB_CODE",
    "PROVIDER_CODE",
    "TRUST_CODE",
    "icb_places",
    "provider_places",
    "trust_or_icb_places",
    "trust_places",
]

ENGLAND = "E92000001"
# ODS codes: a trust has three signs, other providers up to six.
TRUST_CODE = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
PROVIDER_CODE = re.compile(r"[A-Z0-9]{3,6}", re.ASCII)
GSS_CODE = re.compile(r"[EWSN]\d{8}", re.ASCII)
ICB_CODE = re.compile(r"E54\d{6}", re.ASCII)


def trust_places(table: LongTable, column: str, names: Texts | None = None) -> Places:
    """Trusts by the codes of 2022. A row without a code is skipped; none is made up.

    Parameters
    ----------
    table : LongTable
        The table.
    column : str
        Of the codes.
    names : Texts, optional
        Of the trusts; without them the codes stand for the names.

    Returns
    -------
    Places
        With a fault for each code that is none.
    """
    what = "An organisation's code of three letters and digits"
    codes = _codes(table, column, TRUST_CODE, what, "no trust code")
    return Places(codes, names or codes, "trust", "trust-2022", "trust")


def provider_places(table: LongTable, column: str) -> Places:
    """Providers of NHS care, trusts or not, by the codes of the time.

    Parameters
    ----------
    table : LongTable
        The table.
    column : str
        Of the codes.

    Returns
    -------
    Places
        With a fault for each code that is none. The kind is ``trust`` for all.
    """
    what = "An organisation's code of three to six capital letters and digits"
    codes = _codes(table, column, PROVIDER_CODE, what, "no organisation code")
    return Places(codes, codes, "trust", "trust-as-published", "trust")


def icb_places(table: LongTable, column: str) -> Places:
    """Integrated care boards by the codes of 2022 of the Office for National Statistics.

    Parameters
    ----------
    table : LongTable
        The table.
    column : str
        Of the codes.

    Returns
    -------
    Places
        Of the activity of the trusts within each, not of its residents.
    """
    what = "A code of an integrated care board (E54 and six digits)"
    codes = _codes(table, column, ICB_CODE, what, "no code of an integrated care board")
    return Places(codes, codes, "icb", "icb-2022", "trust")


def trust_or_icb_places(table: LongTable, column: str) -> Places:
    """Trusts, or integrated care boards where the column's name starts with icb.

    Parameters
    ----------
    table : LongTable
        The table.
    column : str
        Of the codes.

    Returns
    -------
    Places
        As `trust_places` or `icb_places`.
    """
    return icb_places(table, column) if column.startswith("icb") else trust_places(table, column)


def _codes(table: LongTable, column: str, pattern: re.Pattern[str], what: str, blank: str) -> Texts:
    return table.checked(
        column, pattern.fullmatch, f"{what} is needed.", "Mend the cell.", blank=blank
    )
