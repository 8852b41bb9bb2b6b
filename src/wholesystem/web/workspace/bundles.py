"""Between the database and the open bundle: a whole review out, and a whole review in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle import Bundle, BundleFiles, read_bundle, write_bundle
from wholesystem.reviews.bundle_layout import document_path
from wholesystem.reviews.contents import Content, UnreadableError, read_content
from wholesystem.reviews.records import Document
from wholesystem.web.feedback.bundles import files_of_tools, kept_tools
from wholesystem.web.workspace import models
from wholesystem.web.workspace.kept_files import document_file, keep_document
from wholesystem.web.workspace.rows import load_review
from wholesystem.web.workspace.storing import check_is_new, store_review

__all__ = ["store_bundle", "write_review"]

MOST_MEASURES_BYTES = 50_000_000


def write_review(record: models.Review, out: Path, *, with_answers: bool = False) -> None:
    """Write a review as a bundle, as it stands in the transaction of the caller.

    Parameters
    ----------
    record : models.Review
        From the database.
    out : Path
        Of a zip or folder.
    with_answers : bool
        Whether it holds the answers to feedback tools that are closed, row by row.

    Raises
    ------
    UserError
        If it cannot be written, or is too large for a bundle.
    """
    write_bundle(load_review(record, history=True), _files_of(record, with_answers), out)


def _files_of(record: models.Review, with_answers: bool) -> BundleFiles:
    documents: dict[str, Content] = {}
    texts: dict[str, Content | str] = {}
    without: dict[str, str] = {}
    rows = record.document_set.order_by("pk").values_list("code", "text", "text_note")
    for digest, text, note in rows:
        if document_file(digest).is_file():
            documents[digest] = document_file(digest)
        if text:
            texts[digest] = text
        elif note:
            without[digest] = note
    measures: dict[str, dict[str, Content]] = {
        one.name: {name: text.encode("utf-8") for name, text in one.tables.items()}
        for one in record.measures_set.order_by("pk")
    }
    feedback = files_of_tools(record, with_answers=with_answers)
    return BundleFiles(documents, texts, without, measures, feedback)


def store_bundle(
    path: Path, *, user: Any, then: Callable[[models.Review, Bundle], None] = lambda *_: None
) -> models.Review:
    """Keep the review of a bundle, with its documents: all of it or nothing.

    Parameters
    ----------
    path : Path
        A zip or folder.
    user : User
        Who takes the place of its first lead; None for nobody.
    then : callable
        Called with the review and the bundle in the transaction that keeps it; if it raises,
        nothing is kept.

    Returns
    -------
    models.Review
        The review.

    Raises
    ------
    TableError
        With every fault of the bundle.
    PolicyError
        If a review with the same id is here, or another framework with the same id.
    """
    # Read before the transaction: on SQLite nobody else can write while one lasts.
    bundle = read_bundle(path)
    review, files = bundle.review, bundle.files
    texts = {
        one.document: (files.text_of(one.document), files.without_text.get(one.document, ""))
        for one in review.documents
    }
    measures = {
        name: {file: _read_text(content, f"measures/{name}/{file}") for file, content in of.items()}
        for name, of in files.measures.items()
    }
    check_is_new(review.info.review)
    with _kept_documents(bundle), transaction.atomic():
        kept = store_review(review=review, texts=texts, measures=measures, user=user)
        with kept_tools(kept, files):
            then(kept, bundle)
    return kept


@contextmanager
def _kept_documents(bundle: Bundle) -> Iterator[None]:
    """Documents in their place; those that were not there before go again if the block fails."""
    added: list[str] = []
    try:
        for document in bundle.review.documents:
            digest = document.document
            if digest in bundle.files.documents and not document_file(digest).exists():
                added.append(digest)
                _keep(document, bundle.files.documents[digest])
        yield
    except BaseException:
        named = models.Document.objects.filter(code__in=added).values_list("code", flat=True)
        for digest in set(added) - set(named):
            document_file(digest).unlink(missing_ok=True)
        raise


def _keep(document: Document, content: Content) -> None:
    try:
        keep_document(document.document, content)
    except UnreadableError as error:
        fault = Fault(document_path(document), None, str(error), "Take it from the bundle again.")
        raise TableError([fault]) from None


def _read_text(content: Content, where: str) -> str:
    try:
        return read_content(content, MOST_MEASURES_BYTES).decode("utf-8")
    except (UnreadableError, UnicodeDecodeError):
        fault = Fault(where, None, "It cannot be read as text in UTF-8.", "Save it as CSV UTF-8.")
        raise TableError([fault]) from None
