"""What stands above and below every page."""

from __future__ import annotations

from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.laid import LaidDocument
from wholesystem.reports.documents.text import plain_text

__all__ = ["house_lines", "running_lines"]


def running_lines(document: LaidDocument, house: House) -> tuple[str, str]:
    """The line above every page, and the line below it, without its number.

    Parameters
    ----------
    document : LaidDocument
        What it says itself comes first; the version's word is always there.
    house : House
        What is said where the document says nothing.

    Returns
    -------
    tuple of str
        Header and footer; either may be empty.
    """
    header = document.header or plain_text(house.header) or document.title
    if document.version:
        header = f"{document.version}: {header}"
    return header, document.footer or plain_text(house.footer)


def house_lines(house: House) -> tuple[str, ...]:
    """The house's own lines of a cover.

    Parameters
    ----------
    house : House
        Its look.

    Returns
    -------
    tuple of str
        Tidied.
    """
    return tuple(plain_text(line) for line in house.lines)
