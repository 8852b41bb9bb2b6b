"""Tables that a person uploads as one file: a workbook, or a zip of small files."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.documents import clean_name

__all__ = ["MOST_TABLES_BYTES", "read_zip", "unpack_tables"]

#: Unpacked, all files together.
MOST_TABLES_BYTES = 50_000_000
MOST_FILES = 200
BLOCK_BYTES = 1 << 16
# What Mac and Windows add by themselves.
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_zip(content: bytes | Path, name: str, endings: Collection[str]) -> dict[str, bytes]:
    """Files of a zip by name, all of one folder.

    Parameters
    ----------
    content : bytes or Path
        The zip.
    name : str
        What the person called it, for messages.
    endings : collection of str
        What its files may end in, such as ``.csv``.

    Returns
    -------
    dict of str to bytes
        In the order of the zip; the folder around them is left out.

    Raises
    ------
    TableError
        If it is no zip, is encrypted or damaged, holds other files or folders within folders, or
        is too large unpacked.
    """
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    shown = clean_name(name)
    try:
        with zipfile.ZipFile(source) as archive:
            return _read_all(archive, shown, endings)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise _fault(shown, "It is no zip, or is damaged.", "Make the zip again.") from None
    except RuntimeError:  # what zipfile raises for an encrypted file
        raise _fault(shown, "It is encrypted.", "Make the zip without a password.") from None


def _fault(where: str, rule: str, remedy: str) -> TableError:
    return TableError([Fault(where, None, rule, remedy)])


def _read_all(archive: zipfile.ZipFile, shown: str, endings: Collection[str]) -> dict[str, bytes]:
    entries = [
        one
        for one in archive.infolist()
        if not one.is_dir() and not one.filename.startswith(_JUNK[0])
        and PurePosixPath(one.filename).name not in _JUNK
    ]  # fmt: skip
    if not entries or len(entries) > MOST_FILES:
        rule = f"It must hold 1 to {MOST_FILES} files; it holds {len(entries)}."
        raise _fault(shown, rule, "Put the tables in it, and nothing else.")
    faults = list(_faults_of_names(entries, shown, endings))
    if faults:
        raise TableError(faults)
    room, found = MOST_TABLES_BYTES, {}
    for one in entries:
        data = _read_one(archive, one, room, shown)
        room -= len(data)
        found[PurePosixPath(one.filename).name] = data
    return found


def _faults_of_names(
    entries: list[zipfile.ZipInfo], shown: str, endings: Collection[str]
) -> Iterator[Fault]:
    folders = {str(PurePosixPath(one.filename).parent) for one in entries}
    if len(folders) > 1:
        yield Fault(
            shown,
            None,
            "Its files lie in several folders.",
            "Put all tables at its top, or all in one folder.",
        )
    seen: set[str] = set()
    for one in entries:
        name = PurePosixPath(one.filename).name
        where = f"{shown}: {clean_name(name)}"
        if PurePosixPath(name).suffix.lower() not in endings or name != clean_name(name):
            yield Fault(
                where, None, f"Only {' and '.join(sorted(endings))} may lie in it.", "Take it out."
            )
        elif name.lower() in seen:
            yield Fault(where, None, "Two files have this name.", "Take one out.")
        seen.add(name.lower())


def _read_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, shown: str) -> bytes:
    """Content of a file; what its entry says of its size is not believed."""
    data = bytearray()
    with archive.open(entry) as file:
        while block := file.read(BLOCK_BYTES):
            data += block
            if len(data) > room:
                rule = f"Unpacked it is larger than {MOST_TABLES_BYTES // 1_000_000} MB."
                raise _fault(shown, rule, "Leave out what is not needed.")
    return bytes(data)


def unpack_tables(
    content: bytes | Path, name: str, folder: Path, endings: Collection[str] = (".csv",)
) -> Path:
    """Uploaded tables as what the readers of tables take: a folder of files, or a workbook.

    Parameters
    ----------
    content : bytes or Path
        The upload.
    name : str
        What the person called it.
    folder : Path
        Where they may be put; exists.
    endings : collection of str
        What the files of a zip may end in.

    Returns
    -------
    Path
        A workbook under the person's name, if it is one by its ending; else a folder.

    Raises
    ------
    TableError
        If it is neither, or `read_zip` refuses it.
    """
    shown = clean_name(name)
    ending = Path(shown).suffix.lower()
    if ending not in (".xlsx", ".zip"):
        rule = "It is neither a workbook (.xlsx) nor a zip of CSV files (.zip)."
        raise _fault(shown, rule, "Choose one of the two.")
    if ending == ".xlsx":
        path = folder / shown
        path.write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        return path
    inside = folder / "tables"
    inside.mkdir()
    for file, data in read_zip(content, shown, endings).items():
        (inside / file).write_bytes(data)
    return inside
