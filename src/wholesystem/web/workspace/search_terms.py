"""What somebody searches for, as both databases are asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["MARK", "Hit", "Terms", "read_terms"]

#: Put by the databases before and after a word that was found; no record of a review holds them.
MARK = ("\x02", "\x03")
MOST_TERMS = 20
LONGEST = 500
_TERM = re.compile(r'(-?)(?:"([^"]*)"|([^\s"]+))')
# What no database takes: NUL, other control characters, and halves of letters.
_UNSEARCHABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Hit(NamedTuple):
    """A row of the index that was found: table, id, title, and text with marks."""

    kind: str
    code: str
    title: str
    snippet: str


@dataclass(frozen=True)
class Terms:
    """Words and phrases.

    Parameters
    ----------
    wanted : tuple of str
        Each must be there; one of several words stands there as a phrase.
    unwanted : tuple of str
        None may be there.
    is_cut : bool
        Whether more was typed than is searched for.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    is_cut: bool = False


def read_terms(typed: str) -> Terms:
    """What somebody searches for.

    Parameters
    ----------
    typed : str
        Anything.

    Returns
    -------
    Terms
        At most 20, of the first 500 characters. What has no letter or digit is passed over.
    """
    cleaned = _UNSEARCHABLE.sub(" ", typed).strip()
    found: dict[str, list[str]] = {"": [], "-": []}
    matches = list(_TERM.finditer(cleaned[:LONGEST]))
    for match in matches[:MOST_TERMS]:
        # Letters and digits alone: a sign means something to one database or the other.
        words = " ".join(re.findall(r"\w+", (match[2] or match[3] or "").replace("_", " ")))
        if words:
            found[match[1]].append(words)
    return Terms(
        tuple(dict.fromkeys(found[""])),
        tuple(dict.fromkeys(found["-"])),
        len(cleaned) > LONGEST or len(matches) > MOST_TERMS,
    )
