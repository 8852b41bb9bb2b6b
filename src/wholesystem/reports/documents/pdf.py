"""A document as PDF/UA-1: tagged, with bookmarks, and the same bytes every time."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, cast

from wholesystem.errors import OurFault
from wholesystem.reports.documents.fonts import (
    FALLBACK,
    STANDARD,
    families_here,
    fonts_here,
    unshown_in,
    unshown_letters,
)
from wholesystem.reports.documents.house import House
from wholesystem.reports.documents.laid import LaidDocument, LaidTable
from wholesystem.reports.documents.pdf_data import PdfData

if TYPE_CHECKING:
    import typst

__all__ = ["pdf_of"]

TEMPLATE = "document.typ"
#: Each attempt learns of letters that no font has; all are learnt by the first, as a rule.
MOST_ATTEMPTS = 6
_FIRST_CELL = re.compile(
    rb"(/Type/StructElem)/S/TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[\(U(\d+)x0y0\)\])(>>)"
)


def pdf_of(document: LaidDocument, house: House, day: date | None) -> tuple[bytes, list[str]]:
    """PDF/UA-1 of a document.

    Parameters
    ----------
    document : LaidDocument
        Its text is handed over as data and is never read as markup.
    house : House
        Its look.
    day : date or None
        The date that the file carries. Nothing else in it depends on when it is made.

    Returns
    -------
    content : bytes
        The file.
    notes : list of str
        What its reader should know: fonts that are missing, letters that no font has and that are
        therefore written as their names.
    """
    import typst

    fonts = fonts_here()
    families = families_here(house.fonts)
    replaced: dict[str, str] = {}
    with _workplace() as folder:

        def written() -> PdfData:
            data = PdfData(folder, replaced)
            told = data.of(document, house, families, day)
            (folder / "data.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
            return data

        missing = unshown_letters(written().letters)
        for _ in range(MOST_ATTEMPTS):
            if missing:
                replaced |= _replacements(missing)
                written()
            try:
                content = with_row_headers(_compile(folder, fonts), document)
                return content, _font_notes(house, families) + _letter_notes(replaced)
            except typst.TypstError as error:
                missing = sorted({*unshown_in(error)} - replaced.keys())
                if not missing:
                    raise OurFault(f"The PDF could not be made: {error.diagnostic}") from None
    raise OurFault(f"The PDF could not be made in {MOST_ATTEMPTS} attempts: letters have no font.")


def with_row_headers(content: bytes, document: LaidDocument) -> bytes:
    """A PDF in which the first column of tables is tagged as the headers of its rows.

    Typst's own way to say so is not in its Python package (0.15). A cell's tag says which headers
    it has; in the first column that makes room for saying that it is one, in as many bytes, so
    that no offset in the file changes.

    Parameters
    ----------
    content : bytes
        As compiled.
    document : LaidDocument
        Tells which tables have a header column.

    Returns
    -------
    bytes
        Of the same length.
    """
    tables = [one for one in document.paged_blocks if isinstance(one, LaidTable)]
    named = [one.header_column for one in tables]
    # Typst numbers the tables by their order, from 1.
    return _FIRST_CELL.sub(
        lambda found: (
            found[1] + b"/S/TH" + found[2] + b"/Scope/Row".ljust(len(found[3])) + found[5]
            if int(found[4]) <= len(named) and named[int(found[4]) - 1]
            else found[0]
        ),
        content,
    )


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder with the template, to be removed."""
    with tempfile.TemporaryDirectory(prefix="document-") as name:
        folder = Path(name)
        with as_file(files("wholesystem.reports") / "templates" / TEMPLATE) as template:
            shutil.copyfile(template, folder / TEMPLATE)
        yield folder


def _compile(folder: Path, fonts: typst.Fonts) -> bytes:
    import typst

    compiler = typst.Compiler(
        folder / TEMPLATE,
        root=folder,
        font_paths=fonts,
        # Nothing is imported; were it, it is found nowhere.
        package_path=folder / "none",
        package_cache_path=folder / "none",
    )
    return cast(bytes, compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=0))


def _font_notes(house: House, families: list[str]) -> list[str]:
    if families != [FALLBACK] or FALLBACK in house.fonts:
        return []
    return [
        f"PDF: none of the fonts {', '.join(house.fonts)} is on this computer. It is set in"
        f" {FALLBACK}. Install one of them, or name another in house.toml."
    ]


def _replacements(letters: Iterable[str]) -> dict[str, str]:
    """What is written for letters that no font has: their names, such as [grinning face]."""
    return {c: f"[{unicodedata.name(c, f'U+{ord(c):04X}').lower()}]" for c in letters}


def _letter_notes(replaced: dict[str, str]) -> list[str]:
    if not replaced:
        return []
    some = ", ".join(sorted(replaced.values())[:5])
    return [
        f"PDF: {len(replaced)} letters are in no font of this computer and stand as their names:"
        f" {some}{', ...' if len(replaced) > 5 else ''}. Install a font that has them, such as one"
        " of the Noto fonts."
    ]
