"""The reviews of a programme, read from bundles: those that can be read, and those that cannot."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wholesystem.errors import UserError
from wholesystem.reviews.bundle import read_bundle
from wholesystem.reviews.programme.records import ProgrammeArea
from wholesystem.reviews.programme.tables import Programme
from wholesystem.reviews.review import Review

__all__ = ["Gathered", "ReadReview", "UnreadReview", "gather_reviews", "last_area_code"]


@dataclass(frozen=True)
class ReadReview:
    """A review and where it was read.

    Parameters
    ----------
    review : Review
        Checked.
    place : str
        The bundle's path, or what else it is called.
    notes : tuple of str
        What reading told beside it.
    """

    review: Review
    place: str
    notes: tuple[str, ...] = ()

    @cached_property
    def area_code(self) -> str:
        """The code that its area has now."""
        return last_area_code(self.review.info.area_code)


@dataclass(frozen=True)
class UnreadReview:
    """A bundle that could not be read, or that may not count.

    Parameters
    ----------
    place : str
        The bundle's path.
    why : str
        Its faults, in full.
    """

    place: str
    why: str


@dataclass(frozen=True)
class Gathered:
    """The reviews of a programme.

    Parameters
    ----------
    programme : Programme
        Its areas and themes.
    reviews : tuple of ReadReview
        In the order of the programme's areas; those of one area in order of opening.
    unread : tuple of UnreadReview
        In the order given.
    outside : tuple of ReadReview
        Reviews of areas that are not in the programme: told, and counted nowhere.
    """

    programme: Programme
    reviews: tuple[ReadReview, ...]
    unread: tuple[UnreadReview, ...] = ()
    outside: tuple[ReadReview, ...] = ()

    @cached_property
    def by_area(self) -> Mapping[str, tuple[ReadReview, ...]]:
        """Reviews by the code that the programme has for their area.

        Areas without a review are not there.
        """
        found: dict[str, tuple[ReadReview, ...]] = {}
        for area in self.programme.areas:
            code = last_area_code(area.area_code)
            mine = tuple(one for one in self.reviews if one.area_code == code)
            if mine:
                found[area.area_code] = mine
        return found

    @property
    def without_review(self) -> tuple[ProgrammeArea, ...]:
        """Areas of which no review was read."""
        return tuple(one for one in self.programme.areas if one.area_code not in self.by_area)

    def area_of(self, read: ReadReview) -> ProgrammeArea:
        """The area that a review is of.

        Parameters
        ----------
        read : ReadReview
            One of `reviews`.

        Returns
        -------
        ProgrammeArea
            Of the programme.
        """
        return next(
            one for one in self.programme.areas if last_area_code(one.area_code) == read.area_code
        )


def last_area_code(code: str) -> str:
    """The code that an area has now, where it took another for the same ground.

    Parameters
    ----------
    code : str
        Any that it had.

    Returns
    -------
    str
        The same for a code that no table knows.
    """
    from wholesystem.indicators.areas import every_area, same_area_codes

    return same_area_codes(code)[-1] if code in every_area() else code


def gather_reviews(
    programme: Programme,
    bundles: Iterable[str | os.PathLike[str]] = (),
    reviews: Iterable[Review] = (),
) -> Gathered:
    """Read the reviews of a programme.

    Parameters
    ----------
    programme : Programme
        Its areas and themes.
    bundles : iterable of path
        Folders and zips. One that cannot be read does not stop the others; it is told.
    reviews : iterable of Review
        Those that are in memory.

    Returns
    -------
    Gathered
        A review that is given twice (the same id and area) counts once; the second is told among
        those that were not read.
    """
    found: list[ReadReview] = [ReadReview(one, f"review {one.info.review}", ()) for one in reviews]
    unread: list[UnreadReview] = []
    for path in map(Path, bundles):
        try:
            bundle = read_bundle(path)
        except UserError as error:
            unread.append(UnreadReview(str(path), str(error)))
            continue
        edited = [f"{name} was edited by hand." for name in bundle.edited]
        found.append(ReadReview(bundle.review, str(path), (*bundle.notes, *edited)))
    return _sorted(programme, found, unread)


def _sorted(
    programme: Programme, found: Sequence[ReadReview], unread: list[UnreadReview]
) -> Gathered:
    place = {last_area_code(one.area_code): at for at, one in enumerate(programme.areas)}
    first: dict[str, ReadReview] = {}
    inside, outside = [], []
    for one in found:
        earlier = first.setdefault(one.review.info.review, one)
        if earlier is not one:
            unread.append(
                UnreadReview(
                    one.place,
                    f"It has the same id as {earlier.place} ({one.review.info.review}), which is"
                    " counted. Give one of them, or another id to one of them.",
                )
            )
        elif one.area_code in place:
            inside.append(one)
        else:
            outside.append(one)
    inside.sort(
        key=lambda one: (
            place[one.area_code],
            one.review.info.opened_on,
            one.review.info.review,
        )
    )
    return Gathered(programme, tuple(inside), tuple(unread), tuple(outside))
