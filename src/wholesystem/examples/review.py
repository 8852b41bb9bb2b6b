"""The packaged reviews, as bundles: Oxfordshire in 2017, and a small one of Cumbria in 2018."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from wholesystem.errors import OurFault, TableError
from wholesystem.reviews.bundle import Bundle
from wholesystem.reviews.bundle_files import BundleFiles
from wholesystem.reviews.bundle_layout import REVIEW_TABLES
from wholesystem.reviews.bundle_reading import Found, make_review, read_tables
from wholesystem.reviews.contents import Content
from wholesystem.reviews.feedback.kept import ANSWERS, KeptTool, write_kept
from wholesystem.reviews.feedback.reading import read_instrument
from wholesystem.reviews.frameworks import read_framework
from wholesystem.reviews.review import Review

__all__ = ["EXAMPLE_REVIEWS", "read_example_review"]

#: The packaged reviews, the whole one first.
EXAMPLE_REVIEWS = ("oxfordshire_2017", "cumbria_2018")


def read_example_review(name: str = EXAMPLE_REVIEWS[0]) -> Bundle:
    """A packaged review, with the packaged framework that it names.

    Parameters
    ----------
    name : str
        One of `EXAMPLE_REVIEWS`.

    Returns
    -------
    Bundle
        With no documents and no history: it was made of what was published. A table that the
        package has no file of is empty.

    Raises
    ------
    OurFault
        If the packaged tables have faults.
    """
    folder = Path(str(files("wholesystem.examples").joinpath(name, "review")))
    try:
        read = read_tables(dict(REVIEW_TABLES), lambda file: _table(folder, file))
        found = Found(faults=list(read.faults))
        framework = read_framework(read.rows["review"][0].framework)
        review = make_review(read, framework, (), found)
    except (TableError, LookupError) as error:
        raise OurFault(f"The packaged review {name} has faults. {error}") from None
    return Bundle(review, BundleFiles(feedback=_feedback(folder, review)))


def _feedback(folder: Path, review: Review) -> dict[str, dict[str, Content]]:
    """What its feedback tools ask, from the packaged instruments, and what was answered."""
    found: dict[str, dict[str, Content]] = {}
    for tool in review.feedback_tools:
        files: dict[str, Content] = dict(write_kept(KeptTool(read_instrument(tool.instrument))))
        answers = folder / "feedback" / tool.tool / ANSWERS
        if answers.is_file():
            files[ANSWERS] = answers
        found[tool.tool] = files
    return found


def _table(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.is_file():
        return path.read_bytes()
    return ",".join(REVIEW_TABLES[path.stem].columns()).encode("ascii")
