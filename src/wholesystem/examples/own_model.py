"""Copying the small invented area, for people to start their own model from."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path

from wholesystem.errors import OutputError
from wholesystem.files import staged_folder

__all__ = ["copy_new_model"]

ENDINGS = (".csv", ".md", ".toml")


def copy_new_model(folder: str | os.PathLike[str]) -> None:
    """Copy the model of an invented area to a new folder.

    Parameters
    ----------
    folder : path
        Must not exist, or be empty.

    Raises
    ------
    OutputError
        If it is a file, holds anything, or may not be written.
    """
    target = Path(folder)
    if target.is_dir() and any(target.iterdir()):
        raise OutputError(
            f"{target} is not empty. A new model is never written over what is there. Choose"
            " another name: wholesystem new my-area"
        )
    with staged_folder(target) as stage:
        for entry in (resources.files("wholesystem.examples") / "new_model").iterdir():
            if entry.name.endswith(ENDINGS):
                (stage / entry.name).write_bytes(entry.read_bytes())
