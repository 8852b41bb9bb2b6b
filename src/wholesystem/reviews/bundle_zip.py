"""Whether a zip may be opened at all: bounds on its directory, its names and what it unpacks to."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from wholesystem.errors import Fault

__all__ = ["check_zip", "entry_faults"]

_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
# A name of 250 letters and what a zip says of a file, twice over.
_ENTRY_BYTES = 700
# A table of text packs to a tenth. What packs to less than a two-hundredth is a trap.
MOST_RATIO = 200
SMALL_BYTES = 1_000_000
_DRIVE = re.compile(r"[A-Za-z]:")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f]")


def check_zip(path: Path, most_files: int, most_bytes: int) -> list[Fault]:
    """Whether a file is a zip whose directory can be read with bounded memory.

    Parameters
    ----------
    path : Path
        Of the file.
    most_files : int
        More are refused.
    most_bytes : int
        A larger zip is refused.

    Returns
    -------
    list of Fault
        Empty if it may be opened.
    """
    again = "Copy or download it again, or give the folder."
    try:
        size = path.stat().st_size
        if not path.is_file():
            return [Fault(path.name, None, "It is no ordinary file.", "Give a folder or a zip.")]
        if size > most_bytes:
            rule = f"It is larger than {most_bytes // 1_000_000} MB."
            return [Fault(path.name, None, rule, "Leave out the largest documents.")]
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT))
            end = file.read()
    except OSError as error:
        rule = f"It cannot be read ({error.strerror or type(error).__name__})."
        return [Fault(path.name, None, rule, "Check that you may open it.")]
    if start not in (b"PK\x03\x04", _END):
        return [Fault(path.name, None, "It is neither a folder nor a zip.", "Give the bundle.")]
    directory_bytes = _directory_bytes(end)
    if directory_bytes is None:
        return [Fault(path.name, None, "The zip is cut short: its end is missing.", again)]
    if directory_bytes > most_files * _ENTRY_BYTES:
        rule = f"The zip holds more than {most_files:,} files."
        return [Fault(path.name, None, rule, "Give the zip of one review only.")]
    return []


def _directory_bytes(end: bytes) -> int | None:
    """Bytes of the zip's directory, found as the library finds it; None if there is no end."""
    at = len(end) - _END_BYTES
    if at < 0 or end[at : at + 4] != _END or end[-2:] != b"\x00\x00":
        at = end.rfind(_END)
    if at < 0 or len(end) < at + _END_BYTES:
        return None
    if b"PK\x06\x07" in end[max(0, at - 20) : at]:
        # The large form of zips, whose sizes stand elsewhere; ours are never so large.
        return 1 << 62
    size: int = struct.unpack_from("<L", end, at + 12)[0]
    return size


def entry_faults(entry: zipfile.ZipInfo) -> list[Fault]:
    """What is wrong with a file of a zip, told by its directory alone.

    Parameters
    ----------
    entry : ZipInfo
        As the directory has it.

    Returns
    -------
    list of Fault
        Empty if it may be read.
    """
    rules = [*_name_rules(entry.orig_filename), *_content_rules(entry)]
    return [Fault(entry.filename, None, rule, remedy) for rule, remedy in rules]


def _name_rules(name: str) -> Iterator[tuple[str, str]]:
    if _leads_out(name):
        yield "Its name leads out of the bundle.", "Do not trust this zip."
    if "\\" in name:
        yield "Its name holds a backslash.", "Make the zip again with another program."
    if _UNPRINTABLE.search(name):
        yield "Its name holds control characters.", "Do not trust this zip."


def _content_rules(entry: zipfile.ZipInfo) -> Iterator[tuple[str, str]]:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind and kind != stat.S_IFREG:
        yield "It is a link or another special file.", "Put the file itself there."
    if entry.flag_bits & 0x1:
        yield "It is encrypted.", "Make the zip again without a password."
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield "It is packed in a way that is not read here.", "Make an ordinary zip."
    if entry.file_size > max(SMALL_BYTES, entry.compress_size * MOST_RATIO):
        yield (
            f"It unpacks to more than {MOST_RATIO} times its size.",
            "Do not trust this zip, or make it again without packing.",
        )


def _leads_out(name: str) -> bool:
    return (
        name.startswith("/")
        or _DRIVE.match(name) is not None
        or any(part in ("", ".", "..") for part in re.split(r"[/\\]", name))
    )
