"""Functions that other apps of the project may offer, looked up by name.

This part of the project starts, checks and looks after the workspace without knowing what is in
it; the app of the reviews offers what only it can do.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ["find_hook"]


def find_hook(module: str, name: str) -> Callable[..., Any] | None:
    """A function, if there is one.

    Parameters
    ----------
    module : str
        Full name; its package must exist.
    name : str
        Of the function in it.

    Returns
    -------
    callable or None
        None where there is no such module or function.
    """
    if find_spec(module) is None:
        return None
    found: Callable[..., Any] | None = getattr(import_module(module), name, None)
    return found
