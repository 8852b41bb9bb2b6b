"""Writing that is whole or not at all.

What is half written stands under a hidden name beside its place and is removed on any error and
on Ctrl-C, so earlier results stay untouched until the new ones are complete.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wholesystem.errors import OutputError

__all__ = ["atomic_path", "check_folder", "replaced_folder", "staged_folder"]


def check_folder(out: str | os.PathLike[str]) -> None:
    """Check that results can be written to a folder, before any work is done.

    Parameters
    ----------
    out : path
        The folder; it need not exist.

    Raises
    ------
    OutputError
        If it, or a folder above it, is a file, or may not be written.
    """
    folder = Path(out)
    nearest = _nearest_existing(folder)
    if not nearest.is_dir():
        raise OutputError(
            f"{nearest} is a file. Results are written to a folder. Choose another name for the"
            " folder, or move the file away."
        )
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(_not_writable(nearest))


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Path to write to, which becomes the file wanted when the block ends well.

    Parameters
    ----------
    path : path
        The file wanted. Its folder is made if it does not exist.

    Yields
    ------
    Path
        A hidden name beside it, with the same ending. On any error, and on Ctrl-C, it is removed
        and what stood at `path` is untouched.

    Raises
    ------
    OutputError
        If `path` is a folder, or may not be written.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(
            f"{target} is a folder. A file is to be written there. Choose another file name, such"
            f" as {target / ('new' + (target.suffix or '.csv'))}."
        )
    check_folder(target.parent)
    made = _make_folders(target.parent)
    part = target.with_name(f".{target.stem[:40]}.{secrets.token_hex(4)}{target.suffix}")
    done = False
    try:
        yield part
        _replace(part, target)
        done = True
    finally:
        part.unlink(missing_ok=True)
        if not done:
            _remove_empty(made)


@contextmanager
def staged_folder(out: str | os.PathLike[str]) -> Iterator[Path]:
    """Folder to write to, whose files move into the folder wanted when the block ends well.

    Parameters
    ----------
    out : path
        The folder wanted; made if it does not exist. Files in it that are not written again stay.

    Yields
    ------
    Path
        An empty hidden folder on the same disk. On any error, and on Ctrl-C, it is removed and
        nothing of `out` has changed.

    Raises
    ------
    OutputError
        If `out` is a file, a folder stands where a file is to go, or may not be written.
    """
    target = Path(out)
    check_folder(target)
    nearest = _nearest_existing(target)
    try:
        stage = Path(tempfile.mkdtemp(prefix=".writing-", dir=nearest))
    except OSError:
        raise OutputError(_not_writable(nearest)) from None
    try:
        yield stage
        _move_all(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def replaced_folder(out: str | os.PathLike[str]) -> Iterator[Path]:
    """Folder to write to, which takes the place of the folder wanted when the block ends well.

    Parameters
    ----------
    out : path
        The folder wanted. If it exists, all that it holds is replaced.

    Yields
    ------
    Path
        An empty hidden folder beside it. On any error, and on Ctrl-C, it is removed and `out` is
        untouched. Even if the computer stops, the old folder or the new one is there whole: at its
        place, or in the instant between two renamings as ``.NAME.before``.

    Raises
    ------
    OutputError
        If `out` is a file, or may not be written.
    """
    target = Path(os.path.abspath(out))
    check_folder(target)
    check_folder(target.parent)
    made = _make_folders(target.parent)
    stage = _make_stage(target.parent)
    done = False
    try:
        yield stage
        with _interrupts_held():
            _exchange(stage, target)
        done = True
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not done:
            _remove_empty(made)


def _make_stage(parent: Path) -> Path:
    # Not mkdtemp, which shuts out all others: it becomes a folder that is as open as any other.
    stage = parent / f".writing-{secrets.token_hex(4)}"
    try:
        stage.mkdir()
    except OSError:
        raise OutputError(_not_writable(parent)) from None
    return stage


def _exchange(stage: Path, target: Path) -> None:
    before = target.with_name(f".{target.name}.before")
    if target.exists():
        shutil.rmtree(before, ignore_errors=True)
        _replace(target, before)
    try:
        _replace(stage, target)
    except OutputError:
        if before.exists():
            _replace(before, target)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _nearest_existing(folder: Path) -> Path:
    nearest = Path(os.path.abspath(folder))
    while not os.path.lexists(nearest):
        nearest = nearest.parent
    return nearest


def _not_writable(path: Path) -> str:
    return (
        f"{path} may not be written. You must be allowed to write there. Choose another folder,"
        " such as one in your documents."
    )


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; the ones that were made, the deepest first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise OutputError(_not_writable(folder)) from None
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # something else was written there meanwhile
            return


def _move_all(stage: Path, target: Path) -> None:
    files = sorted(path for path in stage.rglob("*") if not path.is_dir())
    places = [(path, target / path.relative_to(stage)) for path in files]
    for _, place in places:
        _check_can_replace(place)
    with _interrupts_held():
        _make_folders(target)
        for path, place in places:
            _make_folders(place.parent)
            _replace(path, place)


def _check_can_replace(place: Path) -> None:
    if place.is_dir():
        raise OutputError(
            f"{place} is a folder. A file of the results is to be written there. Move the folder"
            " away, or choose another folder for the results."
        )
    if place.exists():
        try:
            # On Windows a file that Excel holds open cannot be replaced: find out before any is.
            with place.open("r+b"):
                pass
        except PermissionError:
            raise OutputError(_held(place)) from None


def _held(place: Path) -> str:
    return (
        f"{place} may not be replaced. It must not be write-protected or open in another program."
        " Close it there, or choose another folder."
    )


def _replace(part: Path, target: Path) -> None:
    try:
        os.replace(part, target)
    except PermissionError:
        raise OutputError(_held(target)) from None


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait for the moving of files, which takes an instant."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        raise KeyboardInterrupt
