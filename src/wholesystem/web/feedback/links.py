"""Links as they are handed out: cards with a picture code, and a file. They are kept nowhere."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core import signing
from markupsafe import Markup

from wholesystem.tables import RawRow, Table, Tables
from wholesystem.tables.writing import csv_bytes, write_excel

__all__ = ["Card", "cards_of", "carried", "file_of_links", "picture_code", "read_carried"]

_SALT = "wholesystem.web.feedback.links"
#: Within which the file of links can be taken from the page that shows them.
CARRIED_SECONDS = 24 * 3600
COLUMNS = ("name", "organisation", "role", "link", "kind", "last day")


@dataclass(frozen=True)
class Card:
    """A link that is handed to somebody.

    Parameters
    ----------
    address : str
        The whole link.
    organisation, role : str
        Whom it is for, by name; empty where it does not say.
    kind : str
        ``single`` or ``open``.
    last_day : str
        As people write it.
    name : str
        Who gets it; empty where no names were given.
    """

    address: str
    organisation: str
    role: str
    kind: str
    last_day: str
    name: str = ""

    @property
    def short(self) -> str:
        """The link as it is typed into a browser."""
        return self.address.partition("://")[2] or self.address


def cards_of(
    addresses: Sequence[str],
    *,
    organisation: str,
    role: str,
    kind: str,
    last_day: str,
    names: Sequence[str] = (),
) -> list[Card]:
    """Cards of links, names dealt out to them at random.

    Parameters
    ----------
    addresses : sequence of str
        The links.
    organisation, role, kind, last_day : str
        Of all of them.
    names : sequence of str
        As many as there are links, or none.

    Returns
    -------
    list of Card
        In the order of the names, where there are any. Which link is whose can be worked out from
        no order: not that of the names, nor that in which the links were made.
    """
    dealt = list(addresses)
    secrets.SystemRandom().shuffle(dealt)
    told = names or [""] * len(dealt)
    return [
        Card(address, organisation, role, kind, last_day, name)
        for address, name in zip(dealt, told, strict=True)
    ]


def picture_code(address: str) -> Markup:
    """A link as a QR code.

    Parameters
    ----------
    address : str
        The whole link.

    Returns
    -------
    Markup
        An SVG element with no size of its own; for a page that says the link in words too.
    """
    # Loaded on first use: no other page has one.
    import segno

    code = segno.make(address, error="m", micro=False)
    # `svg_inline` writes the drawing of the code alone: nothing of the address stands in it.
    return Markup(code.svg_inline(border=4, omitsize=True, svgclass="app-code", lineclass=None))


def carried(cards: Iterable[Card]) -> str:
    """Cards as a hidden field of the page that shows them carries them to the file.

    Parameters
    ----------
    cards : iterable of Card
        The links.

    Returns
    -------
    str
        Signed, so that the file holds what was made here and nothing else.
    """
    return signing.dumps([asdict(one) for one in cards], salt=_SALT, compress=True)


def read_carried(text: str) -> list[Card]:
    """Cards out of the hidden field.

    Parameters
    ----------
    text : str
        As sent.

    Returns
    -------
    list of Card
        Empty if the field was changed, or is older than a day.
    """
    try:
        return [Card(**one) for one in signing.loads(text, salt=_SALT, max_age=CARRIED_SECONDS)]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def file_of_links(cards: Iterable[Card], ending: str) -> bytes:
    """Links as a file to send them from.

    Parameters
    ----------
    cards : iterable of Card
        The links.
    ending : str
        ``csv`` or ``xlsx``.

    Returns
    -------
    bytes
        A row for each link.
    """
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "organisation": one.organisation,
            "role": one.role,
            "link": one.address,
            "kind": "for one person" if one.kind == "single" else "for everybody",
            "last day": one.last_day,
        }
        for one in cards
    ]
    if ending == "csv":
        return csv_bytes(COLUMNS, rows)
    with tempfile.TemporaryDirectory(prefix="wholesystem-") as passing:
        path = Path(passing) / "links.xlsx"
        raw = tuple(RawRow(at, row) for at, row in enumerate(rows, start=2))
        write_excel(Tables(path, {"links": Table("links", "links", COLUMNS, raw)}), path)
        return path.read_bytes()
