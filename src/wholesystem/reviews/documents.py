"""Uploaded documents: what is taken, under which name, and known by which digest."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.contents import measure_content
from wholesystem.reviews.document_kinds import (
    CSV,
    DOCX,
    JPEG,
    MARKDOWN,
    PDF,
    PNG,
    PPTX,
    TEXT,
    XLSX,
    RefusedError,
    detect_kind,
)

__all__ = ["MOST_UPLOAD_BYTES", "UPLOAD_ENDINGS", "Upload", "clean_name", "inspect_upload"]

MOST_UPLOAD_BYTES = 50_000_000
LONGEST_NAME = 120
LONGEST_ENDING = 10

#: Media type by the ending that a file's name may have.
UPLOAD_ENDINGS: Mapping[str, str] = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".pptx": PPTX,
    ".txt": TEXT,
    ".md": MARKDOWN,
    ".csv": CSV,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
}
_TEXTS = (TEXT, MARKDOWN, CSV)
_WORDS = {
    PDF: "a PDF",
    DOCX: "a Word document",
    XLSX: "an Excel workbook",
    PPTX: "a PowerPoint presentation",
    TEXT: "plain text",
    PNG: "a PNG picture",
    JPEG: "a JPEG picture",
}
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Upload:
    """A file that may be kept.

    Parameters
    ----------
    name : str
        Its name, made safe for every system.
    media_type : str
        By its content; of texts, by the ending.
    digest : str
        SHA-256 of its content, by which it is known.
    size_bytes : int
        Bytes.
    """

    name: str
    media_type: str
    digest: str
    size_bytes: int


def clean_name(name: str) -> str:
    """A file's name, safe to show, to keep and to download under.

    Parameters
    ----------
    name : str
        As the browser or person gives it.

    Returns
    -------
    str
        Its last part, of 1 to 120 letters, with no control character, no mark that turns the
        direction of writing, and nothing that a system takes for its own; ``document`` if nothing
        is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Cc, Cf, Cs, Co, Cn, Zl, Zp: controls, marks of direction, halves of letters, unassigned.
    shown = "".join(
        " " if unicodedata.category(letter) in ("Zl", "Zp", "Zs") else letter
        for letter in last
        if unicodedata.category(letter)[0] != "C"
    )
    plain = " ".join(_NOT_IN_NAMES.sub("_", shown).split()).rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        stem, ending = plain, ""
    end = f".{ending}" if ending else ""
    most = LONGEST_NAME - len(end)
    kept = stem.strip(". ")[:most].rstrip(". ") or "document"
    if _DEVICE.fullmatch(kept):  # Windows takes it for a device, whatever its ending
        kept = f"_{kept}"[:most]
    return f"{kept}{end}"


def inspect_upload(
    name: str, content: bytes | Path, *, most_bytes: int = MOST_UPLOAD_BYTES
) -> Upload:
    """What a file is, decided by its content and not by its name.

    Parameters
    ----------
    name : str
        As given; its ending must fit the content.
    content : bytes or Path
        The file.
    most_bytes : int
        A larger file is refused.

    Returns
    -------
    Upload
        PDF, DOCX, XLSX, PPTX, text, Markdown, CSV, PNG or JPEG, with its digest.

    Raises
    ------
    TableError
        For any other kind, a content that is not what the ending says, macros, encrypted or
        damaged files, empty and too large ones.
    """
    shown = clean_name(name)
    try:
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        _check_size(size, most_bytes)
        with _opened(content) as file:
            found = detect_kind(file)
        media_type = _match_ending(shown, found)
    except RefusedError as error:
        raise TableError([Fault(shown, None, error.rule, error.remedy)]) from None
    return Upload(shown, media_type, *measure_content(content))


def _opened(content: bytes | Path) -> AbstractContextManager[IO[bytes]]:
    if isinstance(content, bytes):
        return nullcontext(io.BytesIO(content))
    return content.open("rb")


def _check_size(size: int, most_bytes: int) -> None:
    if not size:
        raise RefusedError("It is empty.", "Choose the file again.")
    if size > most_bytes:
        raise RefusedError(
            f"It is larger than {most_bytes / 1_000_000:g} MB.", "Shrink it, or part it."
        )


def _match_ending(name: str, found: str) -> str:
    ending = Path(name).suffix.lower()
    said = UPLOAD_ENDINGS.get(ending)
    if said == found or (found == TEXT and said in _TEXTS):
        return said
    allowed = [one for one, kind in UPLOAD_ENDINGS.items() if kind == found]
    if found == TEXT:
        allowed = [one for one, kind in UPLOAD_ENDINGS.items() if kind in _TEXTS]
    what = f"the ending {ending}" if ending else "no ending"
    raise RefusedError(
        f"By its content it is {_WORDS[found]}, and its name has {what}.",
        f"If it is what you mean, name it with {' or '.join(allowed)}.",
    )
