"""Between the database and the open bundle: a whole review out, and a whole review in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle import Bundle, BundleFiles, read_bundle, write_bundle
from wholesystem.reviews.bundle_layout import document_path
from wholesystem.reviews.contents import Content, UnreadableError, read_content
from wholesystem.web.workspace import models
from wholesystem.web.workspace.kept_files import document_file, keep_document
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.storing import store_review

__all__ = ["store_bundle", "write_review"]

MOST_MEASURES_BYTES = 50_000_000


def write_review(record: models.Review, out: Path) -> None:
    """Write a review as a bundle, as it stands in the transaction of the caller.

    Parameters
    ----------
    record : models.Review
        From the database.
    out : Path
        Of a zip or folder.

    Raises
    ------
    UserError
        If it cannot be written, or is too large for a bundle.
    """
    write_bundle(load_review(record, history=True), _files_of(record), out)


def _files_of(record: models.Review) -> BundleFiles:
    documents: dict[str, Content] = {}
    texts: dict[str, Content | str] = {}
    without: dict[str, str] = {}
    rows = record.document_set.order_by("pk").values_list("code", "text", "text_note")
    for digest, text, note in rows:
        if document_file(digest).is_file():
            documents[digest] = document_file(digest)
        if text:
            texts[digest] = text
        if note:
            without[digest] = note
    measures: dict[str, dict[str, Content]] = {
        one.name: {name: text.encode("utf-8") for name, text in one.tables.items()}
        for one in record.measures_set.order_by("pk")
    }
    return BundleFiles(documents, texts, without, measures)


@transaction.atomic
def store_bundle(path: Path, *, user: Any) -> tuple[models.Review, Bundle]:
    """Keep the review of a bundle, with its documents: all of it or nothing.

    Parameters
    ----------
    path : Path
        A zip or folder.
    user : User
        Who takes the place of its first lead; None for nobody.

    Returns
    -------
    review : models.Review
        The review.
    bundle : Bundle
        As read, with what the person should know.

    Raises
    ------
    TableError
        With every fault of the bundle.
    PolicyError
        If a review with the same id is here, or another framework with the same id.
    """
    bundle = read_bundle(path)
    digests = [one.document for one in bundle.review.documents]
    texts = {
        digest: (bundle.files.text_of(digest), bundle.files.without_text.get(digest, ""))
        for digest in digests
    }
    measures = {
        name: {file: _read_text(content, f"measures/{name}/{file}") for file, content in of.items()}
        for name, of in bundle.files.measures.items()
    }
    kept = store_review(review=bundle.review, texts=texts, measures=measures, user=user)
    # Last, and outside what a rollback undoes: a document that no review names harms nobody.
    for document in bundle.review.documents:
        if document.document in bundle.files.documents:
            _keep(document, bundle)
    return kept, bundle


def _keep(document: Any, bundle: Bundle) -> None:
    try:
        keep_document(document.document, bundle.files.documents[document.document])
    except UnreadableError as error:
        fault = Fault(document_path(document), None, str(error), "Take it from the bundle again.")
        raise TableError([fault]) from None


def _read_text(content: Content, where: str) -> str:
    try:
        return read_content(content, MOST_MEASURES_BYTES).decode("utf-8")
    except (UnreadableError, UnicodeDecodeError):
        fault = Fault(where, None, "It cannot be read as text in UTF-8.", "Save it as CSV UTF-8.")
        raise TableError([fault]) from None
