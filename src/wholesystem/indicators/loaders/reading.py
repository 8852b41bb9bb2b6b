"""Files, folders and zip files of published statistics, each file read by its own format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from wholesystem.errors import Fault
from wholesystem.indicators.loaders.conflicts import part_conflicts
from wholesystem.indicators.loaders.formats import Format, formats
from wholesystem.indicators.loaders.loaded import Loaded, LoadError
from wholesystem.indicators.loaders.opening import open_workbook
from wholesystem.indicators.loaders.sheets import Workbook
from wholesystem.indicators.loaders.sources import Source, find_sources
from wholesystem.indicators.observations import Catalogue

__all__ = ["load_file", "load_files", "recognise"]

MOST_SHEETS_SHOWN = 8
MOST_FORMATS_TOLD = 3


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
        If none does: it tells what was seen, what is expected, and why the nearest fail.
    """
    workbook = path if isinstance(path, Workbook) else open_workbook(path)
    why_not: list[tuple[str, Format]] = []
    for one in formats():
        reason = one.recognise(workbook)
        if not reason:
            return one
        why_not.append((reason, one))
    raise LoadError([_unknown(workbook, why_not)])


def _unknown(workbook: Workbook, why_not: list[tuple[str, Format]]) -> Fault:
    # the shortest reason lacks least
    nearest = sorted(why_not, key=lambda pair: len(pair[0]))[:MOST_FORMATS_TOLD]
    told = "; ".join(f"{one.id} ({one.name}): {reason}" for reason, one in nearest)
    known = ", ".join(one.id for _, one in why_not)
    return Fault(
        workbook.file,
        None,
        f"Its format is not known. Seen: {_seen(workbook)}. Expected one of: {known}."
        f" The nearest fail so: {told}.",
        "Load the file as its publisher publishes it, or write a mapping of its columns.",
    )


def _seen(workbook: Workbook) -> str:
    if workbook.kind != "csv":
        shown = ", ".join(workbook.sheet_names[:MOST_SHEETS_SHOWN])
        more = len(workbook.sheet_names) - MOST_SHEETS_SHOWN
        return f"sheets {shown}" + (f" and {more} more" if more > 0 else "")
    first = next((row for row in workbook.first().rows[:20] if any(row)), [])
    return f"a CSV file that starts with {', '.join(map(str, first[:8]))[:200]}"


def load_file(path: str | Path | Workbook, *, catalogue: Catalogue | None = None) -> Loaded:
    """Read one published file.

    Parameters
    ----------
    path : path or Workbook
        Of the file.
    catalogue : mapping of str to Indicator, optional
        By id, where there are indicators of one's own; the packaged one if None.

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
    return recognise(workbook).load_with(workbook, catalogue)


def load_files(
    path: str | os.PathLike[str],
    progress: Callable[[int, int, str], None] | None = None,
    *,
    catalogue: Catalogue | None = None,
) -> tuple[list[Loaded], list[LoadError]]:
    """Read the published files of a folder or zip file; one bad file does not stop the others.

    Parameters
    ----------
    path : path
        Of a folder (with the folders and zip files in it), a zip file, or one file. A file
        ``figures.xlsx`` with ``figures.mapping.csv`` beside it is read by that mapping.
    progress : callable, optional
        Called after each file with how many are done, how many there are, and its name.
    catalogue : mapping of str to Indicator, optional
        By id, where there are indicators of one's own; the packaged one if None.

    Returns
    -------
    loaded : list of Loaded
        Of the good files, in the order of their names.
    errors : list of LoadError
        One for each file that was refused. Files that give one figure with different values on
        one day of publication are refused, all of them: none says which is right.

    Raises
    ------
    UserError
        If there is no such file or folder, or nothing to read in it.

    Notes
    -----
    The 105 workbooks of delayed transfers take about 3 seconds on one core
    (``tests/verification/test_dtoc_full.py``). Two further processes would save one of them at
    most, since each must first load its libraries, so one process does it all.
    """
    sources, errors = find_sources(path)
    loaded: list[Loaded] = []
    for done, source in enumerate(sources, start=1):
        try:
            loaded.append(_load_source(source, catalogue))
        except LoadError as error:
            errors.append(error)
        if progress is not None:
            progress(done, len(sources), source.shown_as)
    good, conflicts = part_conflicts(loaded)
    return good, errors + conflicts


def _load_source(source: Source, catalogue: Catalogue | None) -> Loaded:
    if source.mapping is not None:
        from wholesystem.indicators.loaders.tidy import load_tidy

        return load_tidy(source.path, source.mapping, catalogue=catalogue)
    return load_file(source.open(), catalogue=catalogue)
