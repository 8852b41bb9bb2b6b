"""The house's look: colours, words of the cover and a logo, from a folder of the user's."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wholesystem.errors import Fault, TableError
from wholesystem.pictures.palette import BLUE, DARK_BLUE, INK, LANE_TINT, PAPER, contrast
from wholesystem.reports.documents.images import check_picture
from wholesystem.reports.documents.text import plain_text

__all__ = ["House", "Logo", "read_house"]

FILE = "house.toml"
#: Contrast of text with what is behind it, and of lines and edges (WCAG 2.2, 1.4.3 and 1.4.11).
TEXT_CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_FONT = re.compile(r"[A-Za-z0-9 -]{1,60}")
_KEYS = {
    "": {"format", "name", "colours", "cover", "logo", "running", "fonts"},
    "colours": {"accent", "cover", "cover_text", "tint"},
    "cover": {"lines"},
    "logo": {"file", "alternative"},
    "running": {"header", "footer"},
    "fonts": {"families"},
}


@dataclass(frozen=True)
class Logo:
    """A logo.

    Parameters
    ----------
    picture : str or bytes
        SVG as text, or a PNG file's content.
    alternative : str
        Whose it is, for people who cannot see it.
    """

    picture: str | bytes
    alternative: str


@dataclass(frozen=True)
class House:
    """How the documents of a house look.

    Parameters
    ----------
    name : str
        Of the house.
    accent : str
        Colour of lines, numbers and links, ``#rrggbb``.
    cover, cover_text : str
        Colour of the cover, and of the words on it.
    tint : str
        Behind call-outs.
    lines : tuple of str
        On every cover, after those of the document.
    header, footer : str
        On every page, where the document says nothing of its own.
    fonts : tuple of str
        Families, the first that is on the computer being used.
    logo : Logo or None
        On the cover.
    """

    name: str = ""
    accent: str = BLUE
    cover: str = DARK_BLUE
    cover_text: str = PAPER
    tint: str = LANE_TINT
    lines: tuple[str, ...] = ()
    header: str = ""
    footer: str = ""
    fonts: tuple[str, ...] = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")
    logo: Logo | None = None

    def __post_init__(self) -> None:
        faults = list(_house_faults(self))
        if faults:
            raise TableError(faults)


def _house_faults(house: House) -> Iterator[Fault]:
    colours = {name: getattr(house, name) for name in ("accent", "cover", "cover_text", "tint")}
    wrong = {name for name, colour in colours.items() if not _COLOUR.fullmatch(colour)}
    for name in sorted(wrong):
        yield Fault(
            f"{FILE}, colours, {name}",
            colours[name],
            "A colour is # and six hexadecimal digits.",
            "Write it like #005eb8.",
        )
    for name, behind in (("accent", PAPER), ("accent", "tint"), ("cover_text", "cover")):
        if not {name, behind} & wrong:
            yield from _contrast_faults(name, colours[name], behind, colours.get(behind, behind))
    if "tint" not in wrong:
        yield from _contrast_faults("tint", colours["tint"], "the ink", INK)
    for font in house.fonts:
        if not _FONT.fullmatch(font):
            yield Fault(
                f"{FILE}, fonts, families", font, "It is no name of a font.", "Write its name."
            )
    if house.logo is not None:
        yield from _logo_faults(house.logo)


def _contrast_faults(name: str, colour: str, other: str, behind: str) -> Iterator[Fault]:
    found = contrast(colour, behind)
    if found < TEXT_CONTRAST:
        against = other if behind == other else f"{other} ({behind})"
        yield Fault(
            f"{FILE}, colours, {name}",
            colour,
            f"Its contrast with {against} is {found:.1f} to 1; text can be read from 4.5 to 1.",
            "Make the one darker or the other lighter.",
        )


def _logo_faults(logo: Logo) -> Iterator[Fault]:
    if not plain_text(logo.alternative):
        yield Fault(
            f"{FILE}, logo, alternative",
            "",
            "The logo has no alternative text.",
            "Say whose it is.",
        )
    fault = check_picture(logo.picture)
    if fault:
        yield Fault(f"{FILE}, logo, file", None, fault, "Save it again, as SVG or PNG.")


def read_house(folder: str | os.PathLike[str]) -> House:
    """A house's look, from its folder.

    Parameters
    ----------
    folder : path
        It holds ``house.toml`` and the logo that it names.

    Returns
    -------
    House
        What is not said is as without one.

    Raises
    ------
    TableError
        With all faults: keys that are not known, colours that cannot be read, a logo that is
        missing or has no alternative text.

    Notes
    -----
    See docs/how-to/write-a-house-template.md.
    """
    place = Path(folder)
    told = _read_toml(place / FILE)
    faults = list(_shape_faults(told))
    if faults:
        raise TableError(faults)
    running, cover, fonts = (told.get(name, {}) for name in ("running", "cover", "fonts"))
    plain = House()
    return House(
        name=told.get("name", ""),
        logo=_read_logo(place, told["logo"]) if "logo" in told else None,
        lines=tuple(cover.get("lines", plain.lines)),
        fonts=tuple(fonts.get("families", plain.fonts)),
        **told.get("colours", {}),
        **running,
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        rule, remedy = "A house's folder holds this file.", "Write it; the how-to has an example."
    except (OSError, UnicodeDecodeError):
        rule, remedy = "It cannot be read as text.", "Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        rule, remedy = f"It is no TOML: {error}.", "Mend that line."
    raise TableError([Fault(str(path), None, rule, remedy)])


def _shape_faults(told: dict[str, Any]) -> Iterator[Fault]:
    if told.get("format") != 1:
        yield Fault(
            f"{FILE}, format", str(told.get("format", "")), "It must be 1.", "Write format = 1."
        )
    for part, keys in _KEYS.items():
        inside = told.get(part, {}) if part else told
        if not isinstance(inside, dict):
            yield Fault(f"{FILE}, {part}", str(inside), "It is a part.", f"Write it as [{part}].")
            continue
        for key, value in inside.items():
            yield from _key_faults(f"{FILE}, {part}, {key}" if part else f"{FILE}, {key}",
                                   key, value, keys)  # fmt: skip


def _key_faults(where: str, key: str, value: object, keys: set[str]) -> Iterator[Fault]:
    if key not in keys:
        yield Fault(where, None, "It is not known.", f"Known are {', '.join(sorted(keys))}.")
    elif key in ("lines", "families"):
        if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            yield Fault(where, str(value), "It is a list of texts.", 'Write it like ["one"].')
    elif key != "format" and key not in _KEYS and not isinstance(value, str):
        yield Fault(where, str(value), "It is a text.", "Put it in quotes.")


def _read_logo(folder: Path, told: dict[str, str]) -> Logo:
    name = told.get("file", "")
    path = folder / name
    inside = name and path.resolve().parent == folder.resolve()
    if not inside or not path.is_file():
        fault = Fault(
            f"{FILE}, logo, file",
            name,
            "It must be a file in the same folder.",
            "Put the logo beside house.toml and write its name.",
        )
        raise TableError([fault])
    content = path.read_bytes()
    alternative = told.get("alternative", "")
    if path.suffix.lower() == ".svg":
        return Logo(content.decode("utf-8-sig", errors="replace"), alternative)
    return Logo(content, alternative)
