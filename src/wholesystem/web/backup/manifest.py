"""What a backup says of itself: its files with their digests, and the state of the tables."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from wholesystem.errors import UserError

__all__ = ["MANIFEST", "Manifest", "check_archive", "digest_of_entry", "read_manifest"]

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1_048_576


@dataclass
class Manifest:
    """The content of ``manifest.json``.

    Parameters
    ----------
    made_at : str
        UTC, in ISO form.
    version : str
        Of the program.
    migrations : list of [app, name]
        All that were made.
    chain : str
        Digest of the last link of the site's chain; empty where there is none.
    tables : dict of str to int
        Rows by the model's name.
    files : dict of str to str
        SHA-256 by name within the archive.
    """

    made_at: str
    version: str
    migrations: list[list[str]]
    chain: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """As it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)


def _not_a_backup(path: Path, why: str) -> UserError:
    return UserError(
        f"{path} is no backup of a workspace, or not a whole one: {why}. A backup is a file that"
        " `wholesystem workspace backup` wrote. Nothing was changed. Use another one."
    )


def read_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest of an opened backup.

    Parameters
    ----------
    archive : ZipFile
        Opened for reading.
    path : Path
        Its name, for messages.

    Returns
    -------
    Manifest
        Of a format that this version reads.

    Raises
    ------
    UserError
        If there is none, or it is of a later format.
    """
    try:
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        number = told.pop("format")
        manifest = Manifest(**told)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        raise _not_a_backup(path, "it has no manifest") from None
    if number != FORMAT:
        raise UserError(
            f"{path} has format {number}; this version reads format {FORMAT}. Restore it with the"
            f" version that wrote it, {manifest.version}, or a later one."
        )
    return manifest


def digest_of_entry(archive: zipfile.ZipFile, name: str) -> str:
    """SHA-256 of a file of an archive, in hexadecimal.

    Parameters
    ----------
    archive : ZipFile
        Opened for reading.
    name : str
        The file's name there.

    Returns
    -------
    str
        64 digits.
    """
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def check_archive(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    """Check that every file of the manifest is there and as it was written, and no other.

    Parameters
    ----------
    archive : ZipFile
        Opened for reading.
    manifest : Manifest
        Its own.
    path : Path
        Its name, for messages.

    Raises
    ------
    UserError
        If a file is missing, changed, surplus, or named so as to land elsewhere.
    """
    names = set(archive.namelist()) - {MANIFEST}
    if names != set(manifest.files):
        raise _not_a_backup(path, "its files are not those of its manifest")
    for name, digest in manifest.files.items():
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
            raise _not_a_backup(path, "a file's name leads out of it")
        try:
            found = digest_of_entry(archive, name)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError):
            found = ""
        if found != digest:
            raise _not_a_backup(path, f"{name} is damaged")
