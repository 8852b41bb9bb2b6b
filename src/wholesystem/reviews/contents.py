"""The content of a file wherever it lies: in memory, on disk, or inside a zip; opened when read."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = [
    "Archive",
    "Content",
    "Member",
    "UnreadableError",
    "copy_content",
    "measure_content",
    "open_content",
    "read_content",
]

BLOCK_BYTES = 1 << 20

# Whatever a damaged zip or a disk makes the libraries raise.
_UNREADABLE = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError
)  # fmt: skip


class UnreadableError(Exception):
    """A content that cannot be read; its text is the rule that it breaks, as a sentence."""


class Archive:
    """A zip whose files are read when they are wanted.

    Parameters
    ----------
    path : Path
        Of the zip.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: zipfile.ZipFile | None = None

    @contextmanager
    def opened(self) -> Iterator[zipfile.ZipFile]:
        """The zip, open for reading."""
        if self._held is not None:
            yield self._held
            return
        with zipfile.ZipFile(self.path) as archive:
            yield archive

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the zip open, so that reading many of its files opens it once; in one thread."""
        with zipfile.ZipFile(self.path) as archive:
            self._held = archive
            try:
                yield
            finally:
                self._held = None


class Member:
    """A file inside a zip.

    Parameters
    ----------
    archive : Archive
        The zip.
    name : str
        The file's name there.
    """

    def __init__(self, archive: Archive, name: str) -> None:
        self.archive = archive
        self.name = name


Content = bytes | Path | Member


@contextmanager
def open_content(content: Content) -> Iterator[IO[bytes]]:
    """A content, open for reading.

    Parameters
    ----------
    content : bytes, Path or Member
        Where it lies.

    Yields
    ------
    file
        From its start.

    Raises
    ------
    UnreadableError
        If it cannot be read, then or while it is.
    """
    try:
        if isinstance(content, bytes):
            yield io.BytesIO(content)
        elif isinstance(content, Path):
            with content.open("rb") as file:
                yield file
        else:
            with content.archive.opened() as archive, archive.open(content.name) as file:
                yield file
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", "") or str(error) or type(error).__name__
        raise UnreadableError(f"It cannot be read ({reason[:100]}).") from None


def read_content(content: Content, most_bytes: int) -> bytes:
    """All of a content.

    Parameters
    ----------
    content : bytes, Path or Member
        Where it lies.
    most_bytes : int
        More is refused.

    Returns
    -------
    bytes
        In memory.

    Raises
    ------
    UnreadableError
        If it cannot be read, or is longer.
    """
    with open_content(content) as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise UnreadableError(f"It is larger than {most_bytes // 1_000_000} MB.")
    return data


def copy_content(content: Content, target: IO[bytes] | None = None) -> tuple[str, int]:
    """Digest and size of a content, copied on the way.

    Parameters
    ----------
    content : bytes, Path or Member
        Where it lies.
    target : file, optional
        Open for writing; nothing is copied if not given.

    Returns
    -------
    digest : str
        SHA-256, 64 hexadecimal digits.
    size : int
        Bytes.

    Raises
    ------
    UnreadableError
        If it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with open_content(content) as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            size += len(block)
            if target is not None:
                target.write(block)
    return digest.hexdigest(), size


def measure_content(content: Content) -> tuple[str, int]:
    """Digest and size of a content.

    Parameters
    ----------
    content : bytes, Path or Member
        Where it lies.

    Returns
    -------
    digest : str
        SHA-256, 64 hexadecimal digits.
    size : int
        Bytes.

    Raises
    ------
    UnreadableError
        If it cannot be read.
    """
    return copy_content(content)
