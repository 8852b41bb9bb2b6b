"""The fonts of the computer, and the letters that none of them has."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import typst

__all__ = ["FALLBACK", "STANDARD", "families_here", "fonts_here", "unshown_in", "unshown_letters"]

#: Comes with typst.
FALLBACK = "Libertinus Serif"
STANDARD: Literal["ua-1"] = "ua-1"
_NOT_SHOWN = re.compile(r"the text `(\"(?:[^\"\\]|\\.)*\")` could not be displayed")


@cache
def fonts_here() -> typst.Fonts:
    """All fonts of the computer, and those that typst brings; looked for once."""
    import typst

    return typst.Fonts()


def families_here(wanted: Iterable[str]) -> list[str]:
    """Those families that are on the computer.

    Parameters
    ----------
    wanted : iterable of str
        By preference.

    Returns
    -------
    list of str
        At least one: a family that comes with typst if there is no other.
    """
    there = {family.lower() for family in fonts_here().families()}
    return [font for font in wanted if font.lower() in there] or [FALLBACK]


@cache
def _checked() -> dict[str, bool]:
    """Letters that were tried before, and whether a font has them."""
    return {}


def unshown_letters(letters: Iterable[str]) -> list[str]:
    """Those letters that no font of the computer has.

    Parameters
    ----------
    letters : iterable of str
        Any.

    Returns
    -------
    list of str
        Sorted.
    """
    import typst

    checked = _checked()
    new = sorted({c for c in letters if c > "\u007e" and c not in checked and not _is_mark(c)})
    if new:
        source = (
            '#set document(title: "letters")\n'
            "#for c in json(bytes(sys.inputs.letters)) { text(c); parbreak() }"
        )
        missing: set[str] = set()
        try:
            typst.Compiler(
                source.encode(), font_paths=fonts_here(), sys_inputs={"letters": json.dumps(new)}
            ).compile(format="pdf", pdf_standards=[STANDARD], timestamp=0)
        except typst.TypstError as error:
            missing = set(unshown_in(error))
        checked.update({c: c not in missing for c in new})
    return sorted(c for c in set(letters) if not checked.get(c, True))


def _is_mark(letter: str) -> bool:
    # A mark without a letter under it is set on a dotted circle, which may be missing itself.
    return unicodedata.category(letter) in ("Mn", "Mc", "Me")


def unshown_in(error: typst.TypstError) -> list[str]:
    """Letters that an error names as without a font.

    Parameters
    ----------
    error : typst.TypstError
        Of making a PDF/UA, which may show no empty boxes.

    Returns
    -------
    list of str
        In its order.
    """
    found = []
    for quoted in _NOT_SHOWN.findall(error.diagnostic):
        plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), quoted[1:-1])
        found += [c for c in plain if not c.isascii()]
    return found
