"""The files of a folder, and the members of zip files, that may be published figures."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wholesystem.errors import Fault, UserError
from wholesystem.indicators.loaders.loaded import LoadError
from wholesystem.indicators.loaders.opening import MOST_BYTES, open_workbook
from wholesystem.indicators.loaders.sheets import Workbook
from wholesystem.indicators.loaders.xlsx_parts import (
    ZIP_SIGNATURE,
    PackageError,
    check_sizes,
    chunks,
)

__all__ = ["MAPPING_ENDING", "Source", "find_sources"]

MAPPING_ENDING = ".mapping.csv"
# What is read along with the figures in any folder, and holds none.
_NO_FIGURES = (
    ".md .txt .pdf .doc .docx .toml .json .ndjson .xml .parquet .png .jpg .svg .py .r"
).split()
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Source:
    """One file to read.

    Parameters
    ----------
    path : Path
        Of the file, or of the zip file that it is a member of.
    member : str
        Its name there; "" where it is a file by itself.
    mapping : Path or None
        Table of how its columns are called, where one lies beside it.
    """

    path: Path
    member: str = ""
    mapping: Path | None = None

    @property
    def shown_as(self) -> str:
        """Name of the file, without folder, as messages and observations call it."""
        name = re.split(r"[\\/]", self.member)[-1] if self.member else self.path.name
        return _UNPRINTED.sub("?", name)

    def open(self) -> Workbook:
        """Open it.

        Returns
        -------
        Workbook
            Read from memory where it is a member of a zip file; nothing is unpacked to disk.

        Raises
        ------
        LoadError
            As `open_workbook`, and where the member is damaged or goes beyond bounds.
        """
        if not self.member:
            return open_workbook(self.path)
        name = self.shown_as
        try:
            with zipfile.ZipFile(self.path) as archive:
                entry = archive.getinfo(self.member)
                if entry.file_size > MOST_BYTES:
                    raise PackageError(f"It is larger than {MOST_BYTES // 1_000_000} MB.")
                content = b"".join(chunks(archive, entry))
        except PackageError as error:
            raise _refuse(f"{self.path.name}, {name}", str(error)) from None
        except (OSError, zipfile.BadZipFile, KeyError):
            raise _refuse(f"{self.path.name}, {name}", "It is damaged, or cut short.") from None
        if _is_plain_zip(content):
            raise _refuse(f"{self.path.name}, {name}", "It is a zip file in a zip file.")
        return open_workbook(name, content)


def _refuse(where: str, rule: str) -> LoadError:
    return LoadError([Fault(where, None, rule, "Unpack it, and load the files in it.")])


def find_sources(path: str | os.PathLike[str]) -> tuple[list[Source], list[LoadError]]:
    """Files of a folder (and the folders in it), of a zip file, or one file.

    Parameters
    ----------
    path : path
        Of a folder, a zip file, or a published file.

    Returns
    -------
    sources : list of Source
        In the order of their names. Left out are hidden files, files that Excel keeps while a
        workbook is open, text documents and pictures, and the mappings of other files.
    errors : list of LoadError
        Of zip files that cannot be opened.

    Raises
    ------
    UserError
        If there is no such file or folder, or nothing in it.
    """
    start = Path(path)
    if not start.exists():
        raise UserError(
            f"{start} does not exist. A folder, a zip file or a published file is needed. Check"
            " the name and folder."
        )
    sources: list[Source] = []
    errors: list[LoadError] = []
    for file in _files(start) if start.is_dir() else [start]:
        try:
            sources += _sources_of(file)
        except LoadError as error:
            errors.append(error)
    if not sources and not errors:
        raise UserError(
            f"{start} holds no file of figures. Workbooks (.xls, .xlsx, .xlsm, .ods), CSV files and"
            " zip files of them are read. Put the published files there."
        )
    return sources, errors


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            if _may_hold_figures(name):
                yield Path(parent, name)


def _may_hold_figures(name: str) -> bool:
    low = name.lower()
    return not (low.startswith((".", "~$")) or low.endswith((*_NO_FIGURES, MAPPING_ENDING)))


def _sources_of(file: Path) -> list[Source]:
    try:
        with file.open("rb") as start:
            is_zip = start.read(4) == ZIP_SIGNATURE
        if is_zip:
            with zipfile.ZipFile(file) as archive:
                if not _is_workbook(archive):
                    return _members(file, archive)
    except zipfile.BadZipFile:
        pass  # opening it as a workbook tells what is wrong
    except OSError:
        return [Source(file)]
    mapping = file.with_name(file.name.partition(".")[0] + MAPPING_ENDING)
    return [Source(file, mapping=mapping if mapping.is_file() else None)]


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    names = set(archive.namelist())
    return "[Content_Types].xml" in names or "content.xml" in names


def _is_plain_zip(content: bytes) -> bool:
    if not content.startswith(ZIP_SIGNATURE):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return not _is_workbook(archive)
    except zipfile.BadZipFile:
        return False


def _members(file: Path, archive: zipfile.ZipFile) -> list[Source]:
    try:
        check_sizes(archive)
    except PackageError as error:
        raise LoadError(
            [Fault(file.name, None, str(error), "Make sure that it is a published file.")]
        ) from None
    found = []
    for entry in archive.infolist():
        name = re.split(r"[\\/]", entry.filename)[-1]
        inside_mac = entry.filename.startswith("__MACOSX")
        if name and not inside_mac and _may_hold_figures(name):
            found.append(Source(file, entry.filename))
    return sorted(found, key=lambda one: one.member)
