"""How many areas found something: by question of the framework, and by theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wholesystem.reviews.programme.findings import Membership, ProgrammeFinding
from wholesystem.reviews.programme.gathering import Gathered
from wholesystem.reviews.programme.records import DIRECTIONS, Theme
from wholesystem.reviews.rules_table import Rules

__all__ = [
    "AreaCounts",
    "ThemeCount",
    "count_areas",
    "count_themes",
    "looked_by_question",
]


@dataclass(frozen=True)
class AreaCounts:
    """In how many areas something was found.

    Parameters
    ----------
    found : tuple of str
        Codes of areas with a confirmed finding, each once.
    by_direction : dict of str to tuple of str
        The same by what the findings show. An area with findings of two directions is in both.
    open_only : tuple of str
        Areas with a candidate and no confirmed finding: not counted.
    looked : tuple of str
        Areas whose review has evidence or a finding on it.
    read : int
        Areas with a review that was read.
    """

    found: tuple[str, ...]
    by_direction: dict[str, tuple[str, ...]]
    open_only: tuple[str, ...]
    looked: tuple[str, ...]
    read: int


@dataclass(frozen=True)
class ThemeCount:
    """A theme with what belongs to it.

    Parameters
    ----------
    theme : Theme
        Of the programme.
    areas : AreaCounts
        In how many areas it was found.
    findings : tuple of (ProgrammeFinding, Membership)
        Confirmed and open ones, with the rule that put each there.
    word : str
        ``common``, ``recurs``, ``in one area``, ``not found``, by the rules; of concerns alone.
    """

    theme: Theme
    areas: AreaCounts
    findings: tuple[tuple[ProgrammeFinding, Membership], ...]
    word: str


def count_areas(
    findings: Iterable[ProgrammeFinding], looked: Iterable[str], read: int
) -> AreaCounts:
    """Count areas, each once however many findings and reviews it has.

    Parameters
    ----------
    findings : iterable of ProgrammeFinding
        All on one thing.
    looked : iterable of str
        Codes of areas with evidence on it.
    read : int
        Areas with a review that was read.

    Returns
    -------
    AreaCounts
        Only confirmed findings make an area count.
    """
    every = tuple(findings)
    confirmed = [one for one in every if one.is_confirmed]
    found = _codes(confirmed)
    by_direction = {
        word: _codes(one for one in confirmed if one.direction == word) for word in DIRECTIONS
    }
    waiting = tuple(code for code in _codes(every) if code not in found)
    seen = tuple(dict.fromkeys((*_codes(every), *looked)))
    return AreaCounts(found, by_direction, waiting, seen, read)


def _codes(findings: Iterable[ProgrammeFinding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.area_code for one in findings))


# ------------------------------------------------------------------------- themes


def count_themes(
    gathered: Gathered, findings: Sequence[ProgrammeFinding], rules: Rules
) -> tuple[ThemeCount, ...]:
    """Every theme of the programme, counted.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    findings : sequence of ProgrammeFinding
        Of all of them.
    rules : Rules
        Of the programme.

    Returns
    -------
    tuple of ThemeCount
        In the order of the themes; one that nobody found is there with noughts.
    """
    looked = looked_by_question(gathered)
    counted = []
    for theme in gathered.programme.themes:
        mine = tuple(
            (one, membership)
            for one in findings
            for membership in one.themes
            if membership.theme == theme.theme
        )
        asked = _looked_at_theme(gathered, theme, looked)
        areas = count_areas((one for one, _ in mine), asked, len(gathered.by_area))
        counted.append(ThemeCount(theme, areas, mine, _word(areas, rules)))
    return tuple(counted)


def looked_by_question(gathered: Gathered) -> dict[tuple[str, str], tuple[str, ...]]:
    """Areas with evidence that stands on each question.

    Parameters
    ----------
    gathered : Gathered
        The reviews.

    Returns
    -------
    dict of (str, str) to tuple of str
        Codes of areas by framework and question.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for read in gathered.reviews:
        review, code = read.review, gathered.area_of(read).area_code
        for one in review.evidence:
            if review.is_current(one):
                for kloe in one.kloe:
                    found.setdefault((review.info.framework, kloe), {})[code] = None
    return {key: tuple(codes) for key, codes in found.items()}


def _looked_at_theme(
    gathered: Gathered, theme: Theme, looked: dict[tuple[str, str], tuple[str, ...]]
) -> tuple[str, ...]:
    """Areas with evidence on a question that puts findings under the theme.

    A rule of words alone names no question, so nobody can say who looked and found nothing.
    """
    codes: dict[str, None] = {}
    for rule in gathered.programme.rules:
        if rule.theme != theme.theme or rule.puts == "out" or rule.names_finding:
            continue
        for (framework, kloe), areas in looked.items():
            if kloe in rule.kloe and rule.framework in ("", framework):
                codes |= dict.fromkeys(areas)
    return tuple(codes)


def _word(areas: AreaCounts, rules: Rules) -> str:
    many, looked = len(areas.by_direction["concern"]), len(areas.looked)
    if not many:
        return "not found"
    enough = looked >= rules.threshold("fewest_areas")
    if enough and many > rules.threshold("common_share") * looked:
        return "common"
    return "recurs" if many >= rules.threshold("recurs") else "in one area"
