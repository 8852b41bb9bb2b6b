"""What a bundle holds beside its tables: uploaded files, their text, and folders of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wholesystem.errors import Fault, TableError, shorten_value
from wholesystem.reviews.bundle_layout import MOST_DOCUMENT_BYTES, text_path
from wholesystem.reviews.checks import Places
from wholesystem.reviews.contents import Content, UnreadableError, read_content
from wholesystem.reviews.records import Anchor

__all__ = ["BundleFiles", "anchor_faults", "read_text"]


@dataclass(frozen=True)
class BundleFiles:
    """What a bundle holds beside its tables. Nothing is read until it is asked for.

    Parameters
    ----------
    documents : mapping of str to Content
        Uploaded files by their digest: bytes, a path, or a file inside a zip.
    texts : mapping of str to Content or str
        Their extracted text, in UTF-8, by the same digest; a document may have none.
    without_text : mapping of str to str
        Why a document has no text, by its digest.
    measures : mapping of str to mapping of str to Content
        Folders of stays measures that figures cite, by name; each holds CSV files by file name.
    feedback : mapping of str to mapping of str to Content
        Folders of feedback tools by the tool's id: what is asked and, of a closed one, what was
        answered.
    """

    documents: Mapping[str, Content] = field(default_factory=dict)
    texts: Mapping[str, Content | str] = field(default_factory=dict)
    without_text: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, Mapping[str, Content]] = field(default_factory=dict)
    feedback: Mapping[str, Mapping[str, Content]] = field(default_factory=dict)

    def text_of(self, digest: str) -> str:
        """Text of a document.

        Parameters
        ----------
        digest : str
            Of the uploaded file.

        Returns
        -------
        str
            Empty if it has none.

        Raises
        ------
        TableError
            If it cannot be read.
        """
        if digest not in self.texts:
            return ""
        try:
            return read_text(self.texts[digest])
        except UnreadableError as error:
            raise TableError([_unreadable(digest, error)]) from None


def _unreadable(digest: str, error: UnreadableError) -> Fault:
    return Fault(text_path(digest), None, str(error), "Take it from the bundle as it was written.")


def read_text(content: Content | str) -> str:
    """Text of a document.

    Parameters
    ----------
    content : Content or str
        UTF-8.

    Returns
    -------
    str
        Letter by letter, since anchors count its letters.

    Raises
    ------
    UnreadableError
        If it cannot be read or is not UTF-8.
    """
    if isinstance(content, str):
        return content
    try:
        return read_content(content, MOST_DOCUMENT_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError("It is not written in UTF-8.") from None


def anchor_faults(
    anchors: Sequence[Anchor], files: BundleFiles, where: Places | None = None
) -> list[Fault]:
    """Anchors whose quoted text does not stand where they say.

    Parameters
    ----------
    anchors : sequence of Anchor
        Of a review.
    files : BundleFiles
        With the texts; anchors in documents without one are passed over.
    where : Places, optional
        Where the anchors' rows stand.

    Returns
    -------
    list of Fault
        In the order of the anchors.
    """
    where = where or Places()
    faults: dict[int, Fault] = {}
    # Document by document, so that one text is in memory at a time.
    text, of = "", ""
    for at, anchor in sorted(enumerate(anchors), key=lambda one: one[1].document):
        if anchor.document not in files.texts:
            continue
        if anchor.document != of:
            text, of = files.text_of(anchor.document), anchor.document
        stands = text[anchor.start : anchor.end]
        if stands != anchor.quoted:
            faults[at] = Fault(
                where("anchors", at, "quoted"),
                anchor.quoted,
                f"The document's text has {shorten_value(stands)} at {anchor.start} to"
                f" {anchor.end}.",
                "Mark the passage in the document again.",
            )
    return [faults[at] for at in sorted(faults)]
