"""Who uses a data folder: any number of servers and workers, or one restore."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wholesystem.errors import UserError

__all__ = ["held", "hold"]


def _lock(descriptor: int, *, alone: bool) -> bool:
    """Whether the lock was had. The system gives it back when the process ends, however it ends."""
    if sys.platform == "win32":
        # There, a database that is open in another program cannot be replaced anyway.
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def hold(folder: Path, *, alone: bool = False) -> int:
    """Hold a data folder until the process ends or the descriptor is closed.

    Parameters
    ----------
    folder : Path
        The data folder.
    alone : bool
        Whether nobody else may hold it meanwhile.

    Returns
    -------
    int
        A file descriptor.

    Raises
    ------
    UserError
        If somebody else holds it so that this cannot be.
    """
    descriptor = os.open(folder / "in_use", os.O_RDWR | os.O_CREAT, 0o600)
    if _lock(descriptor, alone=alone):
        return descriptor
    os.close(descriptor)
    if alone:
        raise UserError(
            f"The workspace in {folder} is running. Nobody may use it during a restore. Stop"
            " `wholesystem serve` and its workers first."
        )
    raise UserError(
        f"The workspace in {folder} is being restored. Nobody may use it meanwhile. Wait until"
        " `wholesystem workspace restore` has ended."
    )


@contextmanager
def held(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold a data folder within a block.

    Parameters
    ----------
    folder : Path
        The data folder.
    alone : bool
        Whether nobody else may hold it meanwhile.

    Yields
    ------
    None
        While it is held.
    """
    descriptor = hold(folder, alone=alone)
    try:
        yield
    finally:
        os.close(descriptor)
