"""The text of a document, to which anchors refer; found in a process of its own with bounds.

What reads documents is large, and a document may be made to keep it busy for ever. It therefore
runs apart, and is stopped after a time.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from wholesystem.reviews.document_kinds import CSV, DOCX, MARKDOWN, PDF, PPTX, TEXT, XLSX

__all__ = ["MOST_SECONDS", "MOST_TEXT", "DocumentText", "extract_text"]

MOST_SECONDS = 60.0
#: Characters; a book has a million.
MOST_TEXT = 5_000_000

_WITH_TEXT = (PDF, DOCX, XLSX, PPTX, TEXT, MARKDOWN, CSV)


@dataclass(frozen=True)
class DocumentText:
    """Text of a document.

    Parameters
    ----------
    text : str
        With one kind of line end and no control characters. Empty if none could be found.
    note : str
        Why there is none, or not all of it; empty if all is well. A sentence.
    """

    text: str
    note: str = ""


def extract_text(
    path: Path, media_type: str, *, most_seconds: float = MOST_SECONDS
) -> DocumentText:
    """Text of a document.

    Parameters
    ----------
    path : Path
        Of the file.
    media_type : str
        As `inspect_upload` tells it.
    most_seconds : float
        Then it is given up.

    Returns
    -------
    DocumentText
        Never raises for what a document holds: a failure is an empty text with its reason. The
        same file gives the same text as long as the libraries that read it stay the same, so it is
        kept and not found anew.
    """
    if media_type not in _WITH_TEXT:
        return DocumentText("", "A picture has no text.")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "text"
        command = [
            sys.executable, "-m", "wholesystem.reviews.reading_text",
            media_type, str(Path(path).absolute()), str(out),
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=most_seconds, check=False, cwd=folder
            )
        except subprocess.TimeoutExpired:
            return DocumentText("", f"Reading its text took more than {most_seconds:g} seconds.")
        except OSError as error:
            return DocumentText("", f"Its text could not be read ({type(error).__name__}).")
        if done.returncode != 0 or not out.is_file():
            return DocumentText("", "Its text could not be read: the file may be damaged.")
        return _tidied(out.read_text("utf-8", errors="replace"))


def _tidied(text: str) -> DocumentText:
    if not text.strip():
        return DocumentText("", "It has no text; it may be a scan.")
    if len(text) > MOST_TEXT:
        return DocumentText(
            text[:MOST_TEXT], f"Only the first {MOST_TEXT:,} characters of its text are kept."
        )
    return DocumentText(text)
