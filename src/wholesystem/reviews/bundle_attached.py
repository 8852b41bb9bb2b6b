"""The attached files of a bundle: documents, their texts, folders of measures and feedback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wholesystem.errors import Fault, TableError
from wholesystem.reviews.bundle_feedback import find_feedback, tool_faults
from wholesystem.reviews.bundle_files import BundleFiles, anchor_faults
from wholesystem.reviews.bundle_layout import is_safe_name
from wholesystem.reviews.checks import Places
from wholesystem.reviews.contents import Content
from wholesystem.reviews.records import Document

if TYPE_CHECKING:
    from wholesystem.reviews.bundle_index import Index
    from wholesystem.reviews.bundle_places import Listing
    from wholesystem.reviews.bundle_reading import Found, ReadTables

__all__ = ["check_attached"]

_DOCUMENT = re.compile(r"documents/([0-9a-f]{64})\.[a-z]{2,4}")
_TEXT = re.compile(r"texts/([0-9a-f]{64})\.txt")
_AGAIN = "Take it from the bundle as it was written."


def check_attached(
    listing: Listing, index: Index, digests: dict[str, str], read: ReadTables, found: Found
) -> BundleFiles:
    """The attached files, each where the tables say.

    Parameters
    ----------
    listing : Listing
        What lies in the bundle.
    index : Index
        What was written.
    digests : dict of str to str
        Of the files as they are.
    read : ReadTables
        The tables.
    found : Found
        Gains faults of files that are missing or altered, and notes of those that nothing names.

    Returns
    -------
    BundleFiles
        Not read yet.
    """
    documents = _by_digest(_DOCUMENT, listing)
    texts = _by_digest(_TEXT, listing)
    rows: dict[str, Document] = {one.document: one for one in read.rows["documents"]}
    found.faults += _missing(index, listing)
    found.faults += _altered(index, digests)
    found.faults += _wrong_sizes(read, documents, listing)
    _note_unnamed(rows, {**texts, **documents}, read, found)
    files = BundleFiles(
        {digest: listing.contents[documents[digest]] for digest in rows if digest in documents},
        {digest: listing.contents[texts[digest]] for digest in rows if digest in texts},
        {one: why for one, why in index.without_text.items() if one in rows and one not in texts},
        _measures(listing, found),
        find_feedback(listing, read.rows["feedback_tools"], found.notes),
    )
    found.faults += tool_faults(read.rows, files.feedback, Places(read.numbers))
    _note_absent(rows, files, read, found)
    try:
        anchors = read.rows["anchors"]
        found.faults += anchor_faults(anchors, files, Places(read.numbers))
    except TableError as error:
        found.faults += error.faults
    return files


def _by_digest(pattern: re.Pattern[str], listing: Listing) -> dict[str, str]:
    matches = ((name, pattern.fullmatch(name)) for name in sorted(listing.contents))
    return {match[1]: name for name, match in matches if match}


def _missing(index: Index, listing: Listing) -> Iterator[Fault]:
    for name in sorted(index.by_path()):
        attached = name.startswith(("documents/", "texts/", "measures/", "feedback/"))
        if attached and name not in listing.contents:
            yield Fault(name, None, "It is named in bundle.json and missing.", _AGAIN)


def _altered(index: Index, digests: dict[str, str]) -> Iterator[Fault]:
    written = index.by_path()
    for name, digest in sorted(digests.items()):
        named = _DOCUMENT.fullmatch(name)
        if named and named[1] != digest:
            yield Fault(
                name,
                None,
                "Its content was altered: it is not that of its digest.",
                "Take it from the bundle as it was written, or upload it as a new document.",
            )
        if _TEXT.fullmatch(name) and name in written and written[name].sha256 != digest:
            rule = "It was altered, and anchors count its letters."
            yield Fault(name, None, rule, _AGAIN)


def _wrong_sizes(read: ReadTables, documents: dict[str, str], listing: Listing) -> Iterator[Fault]:
    places = Places(read.numbers)
    for at, row in enumerate(read.rows["documents"]):
        size = listing.sizes.get(documents.get(row.document, ""))
        if size is not None and size != row.size_bytes:
            yield Fault(
                places("documents", at, "size_bytes"),
                str(row.size_bytes),
                f"The file has {size} bytes.",
                f"Write {size}.",
            )


def _note_unnamed(
    rows: dict[str, Document], paths: dict[str, str], read: ReadTables, found: Found
) -> None:
    if read.unread["documents"] is None:
        return
    named = {*rows, *read.unread["documents"]}
    found.notes += [
        f"{path}: left out, documents.csv does not name it."
        for digest, path in sorted(paths.items())
        if digest not in named
    ]


def _note_absent(
    rows: dict[str, Document], files: BundleFiles, read: ReadTables, found: Found
) -> None:
    found.notes += [
        f"documents.csv: the file of {row.name!r} is not in the bundle."
        for digest, row in rows.items()
        if digest not in files.documents
    ]
    anchored = {one.document for one in read.rows["anchors"]} & set(rows)
    found.notes += [
        f"anchors.csv: passages of {rows[digest].name!r} were not checked, its text is not in the"
        " bundle."
        for digest in sorted(anchored - set(files.texts))
    ]
    cited = {one.measures for one in read.rows["figures"] if one.measures}
    found.notes += [
        f"figures.csv: the folder measures/{name} is not in the bundle."
        for name in sorted(cited - set(files.measures))
    ]


def _measures(listing: Listing, found: Found) -> dict[str, dict[str, Content]]:
    folders: dict[str, dict[str, Content]] = {}
    for path in sorted(listing.contents):
        top, _, rest = path.partition("/")
        if top != "measures":
            continue
        folder, _, file = rest.partition("/")
        stem, _, ending = file.rpartition(".")
        if is_safe_name(folder) and is_safe_name(stem) and ending == "csv":
            folders.setdefault(folder, {})[file] = listing.contents[path]
        else:
            found.notes.append(f"{path}: left out, no table of measures.")
    return folders
