"""What people write in a cell for what tables call by an id, there and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from wholesystem.reviews.plan.records import PRIORITIES
from wholesystem.reviews.review import Review
from wholesystem.tables.cells import CellError, closest

__all__ = ["Names", "Shown"]


@dataclass(frozen=True)
class Shown:
    """Ids of one kind with what people call them.

    Parameters
    ----------
    word, article : str
        What they are, and the article before it.
    names : mapping of str to str
        Name by id.
    """

    word: str
    article: str
    names: Mapping[str, str]

    @cached_property
    def _ids(self) -> dict[str, str]:
        """Id by what may stand in a cell: ids as they are, then names that are one row's alone."""
        by_name: dict[str, list[str]] = {}
        for key, name in self.names.items():
            by_name.setdefault(_plain(name), []).append(key)
        ids = {_plain(key): key for key in self.names}
        return {name: keys[0] for name, keys in by_name.items() if len(keys) == 1} | ids

    def show(self, key: str) -> str:
        """What stands in a cell for an id.

        Parameters
        ----------
        key : str
            The id, or blank.

        Returns
        -------
        str
            The name, where it leads back to the id; else the id.
        """
        name = self.names.get(key, "")
        return name if name and self._ids.get(_plain(name)) == key else key

    def read(self, text: str) -> str:
        """The id that a cell means.

        Parameters
        ----------
        text : str
            A name or id, in any letter case; or blank.

        Returns
        -------
        str
            The id.

        Raises
        ------
        CellError
            If nothing, or more than one, is called so.
        """
        if not text:
            return ""
        if text in self.names:
            return text
        found = self._ids.get(_plain(text))
        if found is not None:
            return found
        same = [key for key, name in self.names.items() if _plain(name) == _plain(text)]
        if same:
            raise CellError(
                f"{len(same)} {self.word}s of the review are called so.",
                f"Write the id: {' or '.join(same)}.",
            )
        near = closest(text, [*self.names.values(), *self.names])
        raise CellError(
            f"The review has no such {self.word}.",
            f"Did you mean {near}?"
            if near
            else f"Write {self.article} {self.word} of the sheet Lists, or add it to the review.",
        )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


@dataclass(frozen=True)
class Names:
    """Names of everything that the cells of a plan's workbook may name.

    Parameters
    ----------
    review : Review
        That the plan answers.
    indicators : mapping of str to str
        Names of the catalogue's indicators by id.
    """

    review: Review
    indicators: Mapping[str, str]

    @cached_property
    def organisations(self) -> Shown:
        """Organisations of the review."""
        rows = self.review.organisations
        return Shown("organisation", "an", {one.organisation: one.name for one in rows})

    @cached_property
    def members(self) -> Shown:
        """People of the review."""
        return Shown("member", "a", {one.person: one.name for one in self.review.people})

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """Texts of the areas for improvement by id."""
        rows = sorted(self.review.areas_for_improvement, key=lambda one: one.order)
        return {one.area_for_improvement: one.text for one in rows}

    def show(self, kind: str, text: str) -> str:
        """What stands in a cell.

        Parameters
        ----------
        kind : str
            Of the column.
        text : str
            As the table has it.

        Returns
        -------
        str
            As people read it.
        """
        if kind == "organisation":
            return self.organisations.show(text)
        if kind == "member":
            return self.members.show(text)
        if kind == "priority":
            return PRIORITIES.get(text, text)
        return text

    def read(self, kind: str, text: str) -> str:
        """What a table has for a cell.

        Parameters
        ----------
        kind : str
            Of the column.
        text : str
            As it stands in the workbook.

        Returns
        -------
        str
            As the table has it.

        Raises
        ------
        CellError
            If a name is not known. What is only badly written is left for the row to refuse.
        """
        if kind == "organisation":
            return self.organisations.read(text)
        if kind == "member":
            return self.members.read(text)
        if kind == "ids":
            return self._areas(text)
        if kind == "indicator":
            return self._indicator(text)
        if kind == "how" and text.strip() == "%":
            return "percent"
        if kind == "movement_kind" and not text:
            return "indicator"
        if kind in ("priority", "direction", "how", "movement_kind"):
            return text.casefold()
        return text

    def _areas(self, text: str) -> str:
        parts = [one.strip() for one in text.replace(",", ";").replace("\n", ";").split(";")]
        found = [_one_of(one, self.areas) for one in parts if one]
        for one in found:
            if one not in self.areas:
                near = closest(one, self.areas)
                raise CellError(
                    f"The review has no area for improvement {one}.",
                    f"Did you mean {near}?" if near else "The sheet Lists has them.",
                )
        return "; ".join(found)

    def _indicator(self, text: str) -> str:
        """The id of an indicator; one that nobody knows is left for the plan's gaps to tell."""
        if text in self.indicators:
            return text
        same = [key for key, name in self.indicators.items() if _plain(name) == _plain(text)]
        return same[0] if len(same) == 1 else text


def _one_of(text: str, known: Collection[str]) -> str:
    """An id in other letters; the text itself where none is meant."""
    if text in known:
        return text
    by_plain: dict[str, str] = {_plain(one): one for one in _unique(known)}
    return by_plain.get(_plain(text), text)


def _unique(known: Iterable[str]) -> list[str]:
    """Ids of which no other differs in letter case alone."""
    rows = list(known)
    plain = [_plain(one) for one in rows]
    return [one for one, bare in zip(rows, plain, strict=True) if plain.count(bare) == 1]
