"""The open bundle: a whole review as a folder or zip of CSV, JSON, Markdown and files.

The format is described in ``docs/reference/review-bundle.md``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from wholesystem.reviews.bundle_files import BundleFiles
from wholesystem.reviews.bundle_reading import read_files
from wholesystem.reviews.bundle_writing import write_files
from wholesystem.reviews.review import Review

__all__ = ["Bundle", "BundleFiles", "read_bundle", "write_bundle"]


@dataclass(frozen=True)
class Bundle:
    """A review as it was read.

    Parameters
    ----------
    review : Review
        Checked; its history is whole.
    files : BundleFiles
        Uploaded files, texts and measures, read when they are opened: keep the folder or zip for
        as long.
    edited : tuple of str
        Tables and other files that are no longer as they were written. That is allowed, and to be
        told.
    notes : tuple of str
        What else the person should know: files left out, documents that are not there.
    program : str
        What wrote it, such as ``wholesystem 0.1.0``.
    """

    review: Review
    files: BundleFiles = field(default_factory=BundleFiles)
    edited: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    program: str = ""


def write_bundle(review: Review, files: BundleFiles | None, out: str | os.PathLike[str]) -> None:
    """Write a review as a bundle: the same review makes the same bytes.

    Parameters
    ----------
    review : Review
        The review.
    files : BundleFiles or None
        What it has beside its tables; None for nothing.
    out : path
        A zip where the name ends in ``.zip``, else a folder. An earlier bundle there is replaced,
        whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written, or a folder holds something else than a bundle.
    TableError
        If it could not be read back: files that are not of the review or not as their digests
        say, anchors that do not stand in their text, too much for a bundle.
    """
    write_files(review, files or BundleFiles(), Path(out))


def read_bundle(path: str | os.PathLike[str]) -> Bundle:
    """A review out of a bundle.

    Parameters
    ----------
    path : path
        A folder or a zip; the files may lie in one folder inside the zip.

    Returns
    -------
    Bundle
        Writing it again makes the same bundle.

    Raises
    ------
    TableError
        With every fault together: an unknown format, missing or unknown tables and columns, cells,
        links, documents that were altered, anchors that do not stand, a broken history; and, alone,
        what makes a folder or zip unsafe to read.
    """
    review, files, index, found = read_files(Path(path))
    return Bundle(review, files, tuple(found.edited), tuple(found.notes), index.program)
