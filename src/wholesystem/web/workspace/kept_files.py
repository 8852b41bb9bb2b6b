"""Files that the workspace keeps in its data folder: uploaded documents, work of jobs, pictures."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from wholesystem.errors import OurFault
from wholesystem.reviews.contents import Content, UnreadableError, copy_content
from wholesystem.web.workspace import models

__all__ = [
    "document_file",
    "job_folder",
    "keep_document",
    "keep_upload",
    "made_folder",
    "remove_job_files",
]


def document_file(digest: str) -> Path:
    """Where an uploaded document lies.

    Parameters
    ----------
    digest : str
        SHA-256 of its content, in hexadecimal.

    Returns
    -------
    Path
        The file may be missing: a bundle can come without its documents. Reviews that have the
        same document share the file.
    """
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise OurFault(f"{digest!r} is no digest.")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def keep_document(digest: str, content: Content) -> Path:
    """Keep a document, unless it is there.

    Parameters
    ----------
    digest : str
        Of the content, which is checked.
    content : bytes, Path or Member
        The document.

    Returns
    -------
    Path
        `document_file`.

    Raises
    ------
    UnreadableError
        If the content cannot be read, or is not that of the digest.
    """
    place = document_file(digest)
    if place.exists():
        return place
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_name(f".{digest}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as file:
            found, _ = copy_content(content, file)
            file.flush()
            os.fsync(file.fileno())
        if found != digest:
            raise UnreadableError("Its content is not that of its digest.")
        part.chmod(0o600)
        os.replace(part, place)
    finally:
        part.unlink(missing_ok=True)
    return place


def job_folder(number: int) -> Path:
    """Folder of the files of a job, made if it is not there.

    Parameters
    ----------
    number : int
        Of the job.

    Returns
    -------
    Path
        What is uploaded for it, and what it makes to be downloaded.
    """
    folder = Path(settings.DATA_FOLDER) / "jobs" / str(number)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def keep_upload(number: int, ending: str, blocks: Iterable[bytes]) -> Path:
    """Keep what was uploaded for a job.

    Parameters
    ----------
    number : int
        Of the job.
    ending : str
        Such as ``.zip``; the name given by the person is not used on disk.
    blocks : iterable of bytes
        The content.

    Returns
    -------
    Path
        The file.
    """
    path = job_folder(number) / f"uploaded{ending}"
    with path.open("wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o600)
    return path


def remove_job_files(number: int) -> None:
    """Take away the files of a job.

    Parameters
    ----------
    number : int
        Of the job.
    """
    folder = Path(settings.DATA_FOLDER) / "jobs" / str(number)
    shutil.rmtree(folder, ignore_errors=True)


def made_folder(review: models.Review, kind: str) -> Path:
    """Folder of what was made for a review and can be made again: its profile, its map.

    Parameters
    ----------
    review : models.Review
        The review.
    kind : str
        ``profile`` or ``map``.

    Returns
    -------
    Path
        It need not exist.
    """
    # The moment too: in a database that was put back, another review may have the same number.
    name = f"{review.pk}-{review.created_at:%Y%m%d%H%M%S%f}"
    return Path(settings.DATA_FOLDER) / "made" / name / kind
