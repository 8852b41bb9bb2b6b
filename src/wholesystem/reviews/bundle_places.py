"""What lies in a bundle's folder or zip, bounded and checked before anything of it is read."""

from __future__ import annotations

import os
import stat
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle_layout import (
    MOST_DOCUMENT_BYTES,
    MOST_FILES,
    MOST_TOTAL_BYTES,
    is_junk,
)
from wholesystem.reviews.bundle_zip import check_zip, entry_faults
from wholesystem.reviews.contents import Archive, Content, Member
from wholesystem.tables.cells import closest

__all__ = ["Listing", "list_files"]

DEEPEST = 8


@dataclass(frozen=True)
class Listing:
    """Files of a bundle by their path in it.

    Parameters
    ----------
    contents : dict of str to Content
        With ``/`` between the parts of a path.
    sizes : dict of str to int
        Bytes, as the disk or the zip tells them.
    junk : tuple of str
        What other programs left there.
    archive : Archive or None
        The zip, if it is one.
    """

    contents: dict[str, Content] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    junk: tuple[str, ...] = ()
    archive: Archive | None = None


def list_files(path: Path) -> Listing:
    """What lies in a bundle.

    Parameters
    ----------
    path : Path
        A folder or a zip.

    Returns
    -------
    Listing
        Nothing was read or unpacked.

    Raises
    ------
    TableError
        If there is no such place, it is neither, or it holds what no bundle may: names that lead
        out of it, links, encrypted files, too many or too large ones.
    """
    if not path.exists():
        raise TableError([_no_such(path)])
    listing, faults = _list_folder(path) if path.is_dir() else _list_zip(path)
    faults += _size_faults(listing.sizes)
    if faults:
        raise TableError(faults)
    return listing


def _no_such(path: Path) -> Fault:
    before = path.with_name(f".{path.name}.before")
    remedy = "Check the name."
    if before.is_dir():
        remedy = f"Writing it was cut short. The earlier one is {before}: rename it."
    else:
        try:
            near = closest(path.name, (one.name for one in path.absolute().parent.iterdir()))
        except OSError:
            near = None
        remedy = f"Did you mean {path.with_name(near)}?" if near else remedy
    return Fault(str(path), None, "There is no such folder or zip.", remedy)


def _list_folder(folder: Path) -> tuple[Listing, list[Fault]]:
    listing, faults, junk = Listing(), [], []
    for number, (name, entry) in enumerate(_walk(folder, "", DEEPEST)):
        if number >= MOST_FILES:
            faults.append(_too_many(folder.name))
            break
        if is_junk(name):
            junk.append(name)
            continue
        mode = entry.stat(follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode):
            faults.append(_no_file(name))
            continue
        listing.contents[name] = Path(entry.path)
        listing.sizes[name] = entry.stat().st_size
    return Listing(listing.contents, listing.sizes, tuple(junk)), faults


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything but folders, in order of names; links to folders are told and not entered."""
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TableError(
            [Fault(str(folder), None, f"It cannot be read ({reason}).", "Check your rights to it.")]
        ) from None
    for entry in entries:
        name = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if depth and not is_junk(name):
                yield from _walk(Path(entry.path), f"{name}/", depth - 1)
        else:
            yield name, entry


def _no_file(name: str) -> Fault:
    return Fault(
        name,
        None,
        "It is a link or another special file. A bundle holds ordinary files only.",
        "Put the file itself there, or remove the link.",
    )


def _too_many(where: str) -> Fault:
    return Fault(
        where,
        None,
        f"It holds more than {MOST_FILES:,} files.",
        "Give the folder or zip of one review only.",
    )


def _list_zip(path: Path) -> tuple[Listing, list[Fault]]:
    faults = check_zip(path, MOST_FILES, MOST_TOTAL_BYTES)
    if faults:
        raise TableError(faults)
    archive = Archive(path)
    try:
        with archive.opened() as opened:
            entries = [one for one in opened.infolist() if not one.is_dir()]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        rule = f"It cannot be read as a zip ({type(error).__name__})."
        raise TableError([Fault(path.name, None, rule, "Copy or download it again.")]) from None
    junk = tuple(one.filename for one in entries if is_junk(one.filename))
    kept = [one for one in entries if not is_junk(one.filename)]
    faults = [fault for one in entries for fault in entry_faults(one)]
    faults += _doubled(one.filename for one in kept)
    top = _top_folder(one.filename for one in kept)
    contents: dict[str, Content] = {
        one.filename[len(top) :]: Member(archive, one.filename) for one in kept
    }
    sizes = {one.filename[len(top) :]: one.file_size for one in kept}
    return Listing(contents, sizes, junk, archive), faults


def _doubled(names: Iterable[str]) -> list[Fault]:
    counts = Counter(name.casefold() for name in names)
    return [
        Fault(
            name,
            None,
            "The zip holds more than one file of this name, capitals apart.",
            "Make the zip again from the folder.",
        )
        for name, count in counts.items()
        if count > 1
    ]


def _top_folder(names: Iterable[str]) -> str:
    """The one folder that everything is in, as zips of a folder have it; empty if there is none."""
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    top = tops.pop() if len(tops) == 1 else ""
    return f"{top}/" if top else ""


def _size_faults(sizes: dict[str, int]) -> list[Fault]:
    faults = [
        Fault(
            name,
            None,
            f"It is larger than {MOST_DOCUMENT_BYTES // 1_000_000} MB.",
            "Shrink the file, or leave it out.",
        )
        for name, size in sizes.items()
        if size > MOST_DOCUMENT_BYTES
    ]
    if sum(sizes.values()) > MOST_TOTAL_BYTES:
        faults.append(
            Fault(
                "The bundle",
                None,
                f"Its files are larger than {MOST_TOTAL_BYTES // 1_000_000} MB together.",
                "Leave out the largest documents.",
            )
        )
    return faults
