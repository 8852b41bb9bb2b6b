"""Files, folders and zip files of published statistics, each file read by its own format."""

from __future__ import annotations

from pathlib import Path

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.formats import Format, formats
from wholesystem.indicators.loaders.loaded import Loaded, LoadError
from wholesystem.indicators.loaders.opening import open_workbook
from wholesystem.indicators.loaders.sheets import Workbook

__all__ = ["load_file", "recognise"]


def recognise(path: str | Path | Workbook) -> Format:
    """The format of a published file.

    Parameters
    ----------
    path : path or Workbook
        Of the file.

    Returns
    -------
    Format
        The first of `formats` that knows it.

    Raises
    ------
    LoadError
        If none does: it tells what was seen and what each format is told by.
    """
    workbook = path if isinstance(path, Workbook) else open_workbook(path)
    why_not = []
    for one in formats():
        reason = one.recognise(workbook)
        if not reason:
            return one
        why_not.append(f"{one.id} ({reason})")
    raise LoadError([_unknown(workbook, why_not)])


def _unknown(workbook: Workbook, why_not: list[str]) -> Fault:
    seen = ", ".join(workbook.sheet_names) if workbook.kind != "csv" else "a CSV file"
    return Fault(
        workbook.file,
        None,
        f"Its format is not known. Seen: {seen}. Not of the formats: {'; '.join(why_not)}.",
        "Load the file as its publisher publishes it, or map its columns (tidy).",
    )


def load_file(path: str | Path | Workbook) -> Loaded:
    """Read one published file.

    Parameters
    ----------
    path : path or Workbook
        Of the file.

    Returns
    -------
    Loaded
        Its observations, and an account of every row.

    Raises
    ------
    LoadError
        With every fault of the file.
    """
    workbook = path if isinstance(path, Workbook) else open_workbook(path)
    return recognise(workbook).load(workbook)
