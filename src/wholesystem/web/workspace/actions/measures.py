"""Keeping folders of stays measures with a review, for figures to be cited from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from django.db import transaction

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle_layout import is_safe_name
from wholesystem.web.workspace import models
from wholesystem.web.workspace.actions.saving import append_event, lock_review
from wholesystem.web.workspace.errors import RecordFaults
from wholesystem.web.workspace.permissions import check_can

__all__ = ["keep_measures"]


@transaction.atomic
def keep_measures(
    *, review: models.Review, by: models.Member, name: str, files: Mapping[str, bytes]
) -> models.Measures:
    """Keep a folder of measures. It is never changed: figures are cited from it.

    Parameters
    ----------
    review : models.Review
        The review.
    by : models.Member
        Who adds it.
    name : str
        By which figures are cited from it.
    files : mapping of str to bytes
        CSV files by name, such as ``delays.csv``.

    Returns
    -------
    models.Measures
        The folder.

    Raises
    ------
    RecordFaults
        If the name is taken.
    TableError
        With every fault of the files.
    """
    check_can(by, "make_pictures")
    faults = [fault for file, data in files.items() for fault in _faults(file, data)]
    if faults:
        raise TableError(faults)
    review = lock_review(review)
    if models.Measures.objects.filter(review=review, name=name).exists():
        raise RecordFaults({"name": ["There are measures of this name. Choose another name."]})
    texts = {file: data.decode("utf-8-sig") for file, data in sorted(files.items())}
    kept = models.Measures.objects.create(review=review, name=name, tables=texts)
    append_event(
        review,
        by=by,
        action="added",
        table="measures",
        record=name,
        changes={"files": (None, ", ".join(texts))},
    )
    return kept


def _faults(file: str, data: bytes) -> Iterator[Fault]:
    if not is_safe_name(PurePosixPath(file).stem) or not file.endswith(".csv"):
        rule = "The name may have the letters a to z, digits, _ and - only, and ends in .csv."
        yield Fault(file, None, rule, "Give it the name that the measures were written under.")
    try:
        text = data.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except (UnicodeDecodeError, csv.Error):
        yield Fault(file, None, "It is no CSV file in UTF-8.", "Save it as CSV UTF-8.")
        return
    if "\x00" in text:
        yield Fault(file, None, "It holds a NUL character.", "Write the measures again.")
    if len(rows) < 2:
        yield Fault(file, None, "It has no row under its header.", "Leave it out.")
    for at, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            rule = f"It has {len(row)} cells; the header has {len(rows[0])}."
            yield Fault(f"{file} row {at}", None, rule, "Write the measures again.")
            return
