"""The files of a store: its manifest, its parts, and the lock that one writer at a time holds.

The manifest names every part with its size and digest, and is replaced last and at once; a part
that it does not name does not count. So a store is either as it was or as it is to be, whatever
stops a writer.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from wholesystem.errors import OutputError, UserError
from wholesystem.files import atomic_path

# fcntl is of Unix, msvcrt of Windows.
fcntl: ModuleType | None
msvcrt: ModuleType | None
try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None
try:
    import msvcrt
except ImportError:
    msvcrt = None

__all__ = [
    "MANIFEST",
    "Manifest",
    "Part",
    "read_manifest",
    "remove_stray",
    "remove_unnamed",
    "write_lock",
    "write_manifest",
    "write_part",
]

MANIFEST = "manifest.json"
LOCK = ".lock"
FORMAT = "wholesystem observations"
VERSION = 1
ROWS_A_GROUP = 20_000  # one indicator of all councils over nine years is 16,000 rows
LOCK_SECONDS = 60.0
AGAIN = "Make the store again: remove the folder and load the published files."


@dataclass(frozen=True)
class Part:
    """One Parquet file of a store.

    Parameters
    ----------
    file : str
        Its name in the folder.
    rows, bytes : int
        Its size.
    sha256 : str
        Digest, by which damage is found.
    lookup : str
        Name of the look-up that it holds; blank for observations.
    """

    file: str
    rows: int
    bytes: int
    sha256: str
    lookup: str = ""


@dataclass(frozen=True)
class Manifest:
    """What a store holds.

    Parameters
    ----------
    parts : tuple of Part
        In the order in which they were written.
    loads : tuple of dict
        The account of each published file: name, format, digest, rows read, kept and skipped.
    """

    parts: tuple[Part, ...] = ()
    loads: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)

    def paths(self, folder: Path, lookup: str = "") -> list[Path]:
        """Files of one look-up, or of the observations."""
        return [folder / part.file for part in self.parts if part.lookup == lookup]


def read_manifest(folder: Path) -> Manifest:
    """Read what a store holds, and check that every part is there and sound.

    Parameters
    ----------
    folder : Path
        Of the store.

    Returns
    -------
    Manifest
        As it stands.

    Raises
    ------
    UserError
        If the folder is no store, is of another version, or a part is missing or damaged.
    """
    before = _stamp(folder)
    try:
        return _checked_manifest(folder)
    except UserError:
        if _stamp(folder) == before:
            raise
    # Another program added meanwhile, and cleared parts that the manifest no longer names.
    return _checked_manifest(folder)


def _stamp(folder: Path) -> bytes:
    """The manifest as it stands; nothing where there is none."""
    try:
        return (folder / MANIFEST).read_bytes()
    except OSError:
        return b""


def _checked_manifest(folder: Path) -> Manifest:
    content = _read_json(folder)
    try:
        parts = tuple(Part(**part) for part in content["parts"])
        manifest = Manifest(parts, tuple(content["loads"]))
    except (KeyError, TypeError):
        raise UserError(f"{folder / MANIFEST} is damaged. {AGAIN}") from None
    for part in manifest.parts:
        _check_part(folder / part.file, part)
    return manifest


def _read_json(folder: Path) -> Mapping[str, Any]:
    path = folder / MANIFEST
    if folder.exists() and not folder.is_dir():
        raise UserError(
            f"{folder} is a file. A store of observations is a folder. Name its folder."
        )
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"{folder} holds no store of observations (it has no {MANIFEST}). Name the folder of a"
            " store, or load published files into a new one."
        ) from None
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}. Check who may read it."
        ) from None
    except ValueError:
        raise UserError(f"{path} is damaged. {AGAIN}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UserError(f"{path} is no manifest of a store of observations. Name another folder.")
    if content.get("version") != VERSION:
        raise UserError(
            f"{folder} is a store of version {content.get('version')}. This program reads version"
            f" {VERSION}. {AGAIN}"
        )
    return content


def _check_part(path: Path, part: Part) -> None:
    try:
        if path.stat().st_size == part.bytes and _sha256(path) == part.sha256:
            return
    except FileNotFoundError:
        raise UserError(f"{path} is missing; the store is not whole. {AGAIN}") from None
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}. Check who may read it."
        ) from None
    raise UserError(f"{path} is damaged: it is not as it was written. {AGAIN}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_part(folder: Path, table: pa.Table, lookup: str = "") -> Part:
    """Write a table as a part under a new name; it counts once the manifest names it.

    Parameters
    ----------
    folder : Path
        Of the store.
    table : pyarrow.Table
        In the order in which it is to stand.
    lookup : str
        Name of the look-up; blank for observations.

    Returns
    -------
    Part
        For the manifest.

    Raises
    ------
    OutputError
        If it cannot be written. Nothing is left behind.
    """
    path = folder / f"{lookup or 'observations'}-{secrets.token_hex(6)}.parquet"
    try:
        # Without Arrow's own schema text is read as text, however it was held here.
        pq.write_table(
            table, path, compression="zstd", row_group_size=ROWS_A_GROUP, store_schema=False
        )
        return Part(path.name, table.num_rows, path.stat().st_size, _sha256(path), lookup)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OutputError(
            f"{folder} cannot be written: {error.strerror or error}. The store is as it was. Make"
            " room, or allow writing there."
        ) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest, at once.

    Parameters
    ----------
    folder : Path
        Of the store.
    manifest : Manifest
        What the store is to hold.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "parts": [asdict(part) for part in manifest.parts],
        "loads": list(manifest.loads),
    }
    with atomic_path(folder / MANIFEST) as part:
        part.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def remove_unnamed(folder: Path, written: list[Part]) -> None:
    """Remove those of the parts written that the manifest does not name, after a fault.

    Parameters
    ----------
    folder : Path
        Of the store.
    written : list of Part
        By the writer that failed. Ctrl-C may come after the manifest was replaced, so what it
        names stays.
    """
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        named = {part["file"] for part in content["parts"]}
    except (OSError, ValueError, KeyError):
        return  # what cannot be read may name them
    for part in written:
        if part.file not in named:
            (folder / part.file).unlink(missing_ok=True)


def remove_stray(folder: Path, kept: Collection[str]) -> None:
    """Remove parts of earlier days that nothing names, after an adding that ended well.

    Parameters
    ----------
    folder : Path
        Of the store.
    kept : collection of str
        Files that are named, and those replaced just now, which another program may be reading.
    """
    for path in folder.glob("*-*.parquet"):
        if path.name not in kept:
            # On Windows a file that another program reads cannot be removed; the next adding will.
            with suppress(OSError):
                path.unlink()


@contextmanager
def write_lock(folder: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the store for writing; the system lets go of it if the program dies.

    Parameters
    ----------
    folder : Path
        Of the store.
    seconds : float
        To wait for another writer; >= 0.

    Raises
    ------
    UserError
        If another program still writes after that time.
    OutputError
        If the folder may not be written.
    """
    try:
        file = (folder / LOCK).open("a+b")
    except OSError:
        raise OutputError(
            f"{folder} may not be written. You must be allowed to write there. Copy the store to a"
            " folder of yours."
        ) from None
    with file:
        _wait_for(file, folder, seconds)
        try:
            yield
        finally:
            _let_go(file)


def _wait_for(file: BinaryIO, folder: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not _try_lock(file):
        if time.monotonic() >= until:
            raise UserError(
                f"{folder} is being written by another program. One writes at a time. Wait until"
                " it has ended, and try again."
            )
        time.sleep(0.05)


def _try_lock(file: BinaryIO) -> bool:
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        elif msvcrt is not None:  # pragma: no cover - Windows
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        raise OutputError(
            f"{file.name} cannot be locked: {error.strerror}. Two writers at once would lose"
            " figures. Keep the store on a disk of this computer."
        ) from None
    return True


def _let_go(file: BinaryIO) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_UN)
    elif msvcrt is not None:  # pragma: no cover - Windows
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
