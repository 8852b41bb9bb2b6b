"""Writing a bundle: every file of it in order, into a folder or a zip, whole or not at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from wholesystem import __version__
from wholesystem.errors import Fault, OutputError, TableError
from wholesystem.files import atomic_path, replaced_folder
from wholesystem.reviews.bundle_feedback import tool_faults
from wholesystem.reviews.bundle_files import BundleFiles, anchor_faults, read_text
from wholesystem.reviews.bundle_history import HISTORY, event_line
from wholesystem.reviews.bundle_index import INDEX, HistoryHead, Index, ListedFile, index_bytes
from wholesystem.reviews.bundle_layout import (
    FORMAT,
    FRAMEWORK_TABLES,
    MOST_DOCUMENT_BYTES,
    MOST_FILES,
    MOST_TOTAL_BYTES,
    REVIEW_TABLES,
    document_path,
    is_safe_name,
    text_path,
)
from wholesystem.reviews.bundle_words import findings_text, readme_text
from wholesystem.reviews.checks import OPTIONAL_TABLES, Places
from wholesystem.reviews.contents import Content, UnreadableError, copy_content
from wholesystem.reviews.framework import Framework
from wholesystem.reviews.review import Review
from wholesystem.tables.grid import MOST_ROWS
from wholesystem.tables.rows import Row
from wholesystem.tables.writing import csv_bytes

__all__ = ["framework_tables", "write_files"]

Opener = Callable[[str], AbstractContextManager[IO[bytes]]]
# The first moment that a zip can tell: the same review makes the same bytes at any time.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def framework_tables(framework: Framework) -> dict[str, tuple[Row, ...]]:
    """Rows of a framework by the name of their table.

    Parameters
    ----------
    framework : Framework
        The questions.

    Returns
    -------
    dict of str to tuple of Row
        In the order of a bundle.
    """
    return {
        "framework": (framework.info,),
        "areas": framework.areas,
        "questions": framework.questions,
        "prompts": framework.prompts,
    }


def write_files(review: Review, files: BundleFiles, out: Path) -> None:
    """Write a bundle to a folder or, where the name ends so, a zip.

    Parameters
    ----------
    review : Review
        The review.
    files : BundleFiles
        What it has beside its tables.
    out : Path
        The place.

    Raises
    ------
    OutputError
        If it cannot be written, or a folder holds something else than a bundle.
    TableError
        If it could not be read back: files that are not of the review or not as their digests
        say, anchors that do not stand, too much for a bundle.
    """
    _check(review, files)
    if out.suffix.lower() == ".zip":
        with atomic_path(out) as part:
            _write_zip(review, files, part)
        return
    _check_is_bundle(out)
    with replaced_folder(out) as stage:
        _write_folder(review, files, stage)


def _check_is_bundle(folder: Path) -> None:
    """Nothing but an earlier bundle is ever replaced, since a folder is replaced whole."""
    if not folder.is_dir() or (folder / INDEX).is_file():
        return
    if any(folder.iterdir()):
        raise OutputError(
            f"{folder} holds files and is no bundle. A bundle replaces all that is in its folder."
            " Choose a new folder."
        )


def _check(review: Review, files: BundleFiles) -> None:
    known = {one.document for one in review.documents}
    faults = [
        Fault(f"{kind}/{digest}", None, "It is no document of the review.", "Leave it out.")
        for kind, given in (("documents", files.documents), ("texts", files.texts))
        for digest in sorted(set(given) - known)
    ]
    for name, tables in files.measures.items():
        for file in tables:
            stem, _, ending = file.rpartition(".")
            if not (is_safe_name(name) and is_safe_name(stem) and ending == "csv"):
                faults.append(
                    Fault(
                        f"measures/{name}/{file}",
                        None,
                        "The names may have the letters a to z, digits, _ and - only, and the file"
                        " ends in .csv.",
                        "Give it another name.",
                    )
                )
    faults += tool_faults(review.tables(), files.feedback, Places())
    of_texts = list(_text_faults(files))
    faults += of_texts or anchor_faults(review.anchors, files)
    if faults:
        raise TableError(faults)


def _text_faults(files: BundleFiles) -> Iterator[Fault]:
    for digest in files.texts:
        try:
            files.text_of(digest).encode("utf-8")
        except UnicodeEncodeError:
            rule = "It holds halves of letters, which no file can."
            yield Fault(text_path(digest), None, rule, "Find the text of the document anew.")
        except TableError as error:
            yield from error.faults


def _write_folder(review: Review, files: BundleFiles, folder: Path) -> None:
    @contextmanager
    def opened(path: str) -> Iterator[IO[bytes]]:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as file:
            yield file

    _write_all(review, files, opened)


def _write_zip(review: Review, files: BundleFiles, path: Path) -> None:
    with zipfile.ZipFile(path, "w", allowZip64=False) as archive:

        @contextmanager
        def opened(name: str) -> Iterator[IO[bytes]]:
            # Not packed: packers differ between computers, documents are packed already, and what
            # is stored plainly can be rescued from a damaged file.
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_STORED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            with archive.open(entry, "w") as file:
                yield file

        _write_all(review, files, opened)


def _write_all(review: Review, files: BundleFiles, opened: Opener) -> None:
    listed: list[ListedFile] = []
    total = 0
    for path, content in sorted(_contents(review, files), key=lambda one: one[0]):
        with opened(path) as target:
            listed.append(_copy(path, content, target))
        total += listed[-1].bytes
        if total > MOST_TOTAL_BYTES or len(listed) >= MOST_FILES:
            raise TableError([_too_much()])
    with opened(INDEX) as target:
        target.write(index_bytes(_index(review, files, listed)))


def _too_much() -> Fault:
    return Fault(
        "The bundle",
        None,
        f"It would have more than {MOST_TOTAL_BYTES // 1_000_000} MB or {MOST_FILES:,} files.",
        "Leave out the largest documents.",
    )


def _copy(path: str, content: Content, target: IO[bytes]) -> ListedFile:
    try:
        digest, size = copy_content(content, target)
    except UnreadableError as error:
        raise TableError([Fault(path, None, str(error), "Add the file again.")]) from None
    fault = ""
    if path.startswith("documents/") and digest != path.partition("/")[2].partition(".")[0]:
        fault = "Its content is not that of its digest."
    if size > MOST_DOCUMENT_BYTES:
        fault = f"It is larger than {MOST_DOCUMENT_BYTES // 1_000_000} MB."
    if fault:
        raise TableError([Fault(path, None, fault, "Add the file again, or leave it out.")])
    return ListedFile(path=path, sha256=digest, bytes=size)


def _contents(review: Review, files: BundleFiles) -> Iterator[tuple[str, Content]]:
    yield "README.md", readme_text(review).encode("utf-8")
    yield "findings.md", findings_text(review).encode("utf-8")
    lines = io.StringIO()
    lines.writelines(f"{event_line(event)}\n" for event in review.history)
    yield HISTORY, lines.getvalue().encode("utf-8")
    tables: Mapping[str, tuple[Row, ...]] = {"review": (review.info,), **_written_tables(review)}
    for name, rows in tables.items():
        yield f"{name}.csv", _table(name, REVIEW_TABLES[name], rows)
    for name, rows in framework_tables(review.framework).items():
        yield f"framework/{name}.csv", _table(name, FRAMEWORK_TABLES[name], rows)
    for document in review.documents:
        if document.document in files.documents:
            yield document_path(document), files.documents[document.document]
    for digest in files.texts:
        yield text_path(digest), read_text(files.texts[digest]).encode("utf-8")
    for name, measures in files.measures.items():
        for file, content in measures.items():
            yield f"measures/{name}/{file}", content
    for tool, ones in files.feedback.items():
        for file, content in ones.items():
            yield f"feedback/{tool}/{file}", content


def _written_tables(review: Review) -> dict[str, tuple[Row, ...]]:
    tables = review.tables()
    return {name: rows for name, rows in tables.items() if rows or name not in OPTIONAL_TABLES}


def _table(name: str, row: type[Row], rows: tuple[Row, ...]) -> bytes:
    if len(rows) > MOST_ROWS:
        rule = f"A table of a bundle may have at most {MOST_ROWS:,} rows."
        raise TableError([Fault(f"{name}.csv", str(len(rows)), rule, "Part the review.")])
    return csv_bytes(row.columns(), (one.cells() for one in rows))


def _index(review: Review, files: BundleFiles, listed: list[ListedFile]) -> Index:
    counts = {name: len(rows) for name, rows in _written_tables(review).items()}
    last = review.history[-1].digest if review.history else ""
    return Index(
        format=FORMAT,
        review=review.info.review,
        program=f"wholesystem {__version__}",
        counts=counts,
        history=HistoryHead(events=len(review.history), last=last),
        without_text=dict(sorted(files.without_text.items())),
        files=listed,
    )
