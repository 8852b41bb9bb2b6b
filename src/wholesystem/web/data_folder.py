"""The folder in which a workspace keeps everything: database, documents, keys."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

from wholesystem.errors import OutputError

__all__ = ["default_folder", "make_folder", "secret_key", "write_private"]

# 50 characters of 64: 300 bits, above what any signature here uses.
SECRET_BYTES = 48


def default_folder() -> Path:
    """The person's own folder for this program's data.

    Returns
    -------
    Path
        Under ``%LOCALAPPDATA%`` on Windows, ``$XDG_DATA_HOME`` or ``~/.local/share`` elsewhere.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "wholesystem"


def make_folder(chosen: Path | None) -> Path:
    """The data folder, made if it is not there, and closed to other people.

    Parameters
    ----------
    chosen : Path or None
        What the setting says; None for `default_folder`.

    Returns
    -------
    Path
        A folder that may be written.

    Raises
    ------
    OutputError
        If it cannot be made or may not be written.
    """
    folder = chosen or default_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise OutputError(
            f"{folder} may not be written. The workspace keeps its data there. Choose another"
            " folder with WHOLESYSTEM_DATA_FOLDER."
        )
    return folder


def write_private(path: Path, text: str) -> bool:
    """Write a file that only its owner may read, unless it is there already.

    Parameters
    ----------
    path : Path
        The file; it appears whole or not at all.
    text : str
        What to write.

    Returns
    -------
    bool
        False if it was there, also where another process wrote it at the same moment.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return _link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _link(part: Path, path: Path) -> bool:
    """Give a file its name, unless it is taken: a link is refused where a move replaces."""
    try:
        if sys.platform == "win32":
            os.rename(part, path)  # refused on Windows where the name is taken
        else:
            os.link(part, path)
    except FileExistsError:
        return False
    return True


def secret_key(folder: Path) -> str:
    """The key that signs sessions and links, made at the first call.

    Parameters
    ----------
    folder : Path
        The data folder.

    Returns
    -------
    str
        64 characters; the same at every call.
    """
    path = folder / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(SECRET_BYTES))
    return path.read_text("utf-8").strip()
