"""Documents handed in: inspected, kept under their digest, their text read, told in the history."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from wholesystem.reviews.documents import Upload, inspect_upload
from wholesystem.reviews.extraction import DocumentText, extract_text
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import lock_review, save_record
from wholesystem.web.workspace.kept_files import keep_document
from wholesystem.web.workspace.permissions import check_can

__all__ = ["HandedIn", "hand_in"]


class HandedIn(NamedTuple):
    """A document of the review, and whether it came with this upload or was there."""

    document: models.Document
    is_new: bool


def hand_in(
    *, review: models.Review, by: models.Member, name: str, content: bytes | Path
) -> HandedIn:
    """Keep an uploaded file as a document of a review.

    The file is safe on the disk before its record is written; a file without a record does no
    harm, and the other way round a page would promise what is not there.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member
        Who hands it in.
    name : str
        The file's name as the browser gives it.
    content : bytes or Path
        The file.

    Returns
    -------
    HandedIn
        The same content twice is the same document: then the one that is there.

    Raises
    ------
    TableError
        If `inspect_upload` refuses the file.
    PermissionDenied
        If the person's role does not allow it.
    """
    check_can(by, "add_documents")
    upload = inspect_upload(name, content, most_bytes=settings.LARGEST_REQUEST_BYTES)
    place = keep_document(upload.digest, content)
    there = _find(review, upload.digest)
    if there is not None:
        return HandedIn(there, False)
    return _add(review, by, upload, extract_text(place, upload.media_type))


def _find(review: models.Review, digest: str) -> models.Document | None:
    found = models.Document.objects.filter(review=review, code=digest)
    return found.select_related("recorded_by").defer("text").first()


@transaction.atomic
def _add(review: models.Review, by: models.Member, upload: Upload, found: DocumentText) -> HandedIn:
    lock_review(review)
    # Asked again now that the review is held: somebody may have handed in the same meanwhile.
    there = _find(review, upload.digest)
    if there is not None:
        return HandedIn(there, False)
    document: models.Document = save_record(
        review=review,
        by=by,
        table="documents",
        values={
            "document": upload.digest,
            "name": upload.name,
            "media_type": upload.media_type,
            "size_bytes": upload.size_bytes,
        },
    )
    document.text, document.text_note = found.text, found.note
    document.save(update_fields=["text", "text_note"])
    return HandedIn(document, True)
