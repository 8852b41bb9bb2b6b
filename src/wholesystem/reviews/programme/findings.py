"""What findings show, and which themes they belong to: by written rules, each named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from wholesystem.reviews.programme.gathering import Gathered, ReadReview
from wholesystem.reviews.programme.records import ThemeRule
from wholesystem.reviews.programme.tables import Programme
from wholesystem.reviews.records import Evidence, Finding
from wholesystem.reviews.review import Review
from wholesystem.reviews.rules_table import Rules

_SHOWN = ("concern", "strength")

__all__ = [
    "Membership",
    "ProgrammeFinding",
    "count_matches",
    "direction_of",
    "find_memberships",
    "programme_findings",
]


@dataclass(frozen=True)
class Membership:
    """That a finding belongs to a theme.

    Parameters
    ----------
    theme : str
        Its id.
    rule : str
        Id of the first rule that puts it there.
    because : str
        What the rule found: the question, the words, or that it names the finding.
    """

    theme: str
    rule: str
    because: str


@dataclass(frozen=True)
class ProgrammeFinding:
    """A finding of one of the reviews.

    Parameters
    ----------
    area_code, area : str
        As the programme has them.
    read : ReadReview
        Its review.
    finding : Finding
        As it stands there; withdrawn ones are not here.
    direction : str
        ``concern``, ``strength``, ``mixed`` or ``not shown``.
    evidence_for, evidence_against : tuple of Evidence
        That stands.
    themes : tuple of Membership
        In the order of the programme's themes.
    """

    area_code: str
    area: str
    read: ReadReview
    finding: Finding
    direction: str
    evidence_for: tuple[Evidence, ...]
    evidence_against: tuple[Evidence, ...]
    themes: tuple[Membership, ...]

    @property
    def is_confirmed(self) -> bool:
        """Whether it was confirmed."""
        return self.finding.status == "confirmed"

    @property
    def review(self) -> Review:
        """The review that it is of."""
        return self.read.review

    @property
    def key(self) -> tuple[str, str]:
        """Review and finding, which together name it in the programme."""
        return self.review.info.review, self.finding.finding

    @property
    def source_kinds(self) -> tuple[str, ...]:
        """Kinds of source of the evidence for it, each once."""
        kinds = (self.review.source_by_id[one.source].kind for one in self.evidence_for)
        return tuple(dict.fromkeys(kinds))

    @property
    def question(self) -> str:
        """Name of the question that it is under, with the part of the framework."""
        return question_name(self.review, self.finding.kloe)


def question_name(review: Review, kloe: str) -> str:
    """A question as people call it.

    Parameters
    ----------
    review : Review
        Whose framework has it.
    kloe : str
        Its id.

    Returns
    -------
    str
        With the part of the framework before it, unless its name begins so.
    """
    question = review.framework.question_by_id[kloe]
    part = review.framework.area_by_id[question.area].name
    return question.name if question.name.startswith(part) else f"{part}: {question.name}"


def direction_of(evidence_for: Sequence[Evidence], share: float) -> str:
    """What a finding shows, by the evidence for it.

    Parameters
    ----------
    evidence_for : sequence of Evidence
        That stands. What is against a finding does not turn its direction: it was weighed when
        the finding was confirmed.
    share : float
        Of the pieces that show a strength or a concern, above which one of the two gives the
        direction; 0 to 1.

    Returns
    -------
    str
        ``concern``, ``strength``, ``mixed`` where neither is above the share, or ``not shown``
        where no piece shows either.
    """
    counts = {word: sum(one.shows == word for one in evidence_for) for word in _SHOWN}
    either = sum(counts.values())
    if not either:
        return "not shown"
    most = max(counts.values())
    leading = [word for word in _SHOWN if counts[word] == most]
    return leading[0] if len(leading) == 1 and most > share * either else "mixed"


# ------------------------------------------------------------------------- themes


def find_memberships(
    programme: Programme, review: Review, finding: Finding
) -> tuple[Membership, ...]:
    """The themes that a finding belongs to.

    Parameters
    ----------
    programme : Programme
        With the rules.
    review : Review
        Whose finding it is.
    finding : Finding
        The finding.

    Returns
    -------
    tuple of Membership
        In the order of the themes. Of a theme, a rule that names the finding decides, one that
        puts it out before one that puts it in. Else it belongs there if a rule by question and
        words puts it in and none puts it out.
    """
    found = []
    for theme in programme.themes:
        mine = [one for one in programme.rules if one.theme == theme.theme]
        named = [one for one in mine if _names(one, review, finding)]
        hits = named or [one for one in mine if not one.names_finding]
        matches = [(one, why) for one in hits if (why := _why(one, review, finding))]
        if matches and all(one.puts == "in" for one, _ in matches):
            rule, why = matches[0]
            found.append(Membership(theme.theme, rule.rule, why))
    return tuple(found)


def _names(rule: ThemeRule, review: Review, finding: Finding) -> bool:
    return (rule.review, rule.finding) == (review.info.review, finding.finding)


def _why(rule: ThemeRule, review: Review, finding: Finding) -> str:
    """What a rule found in a finding; empty where it does not match."""
    if rule.names_finding:
        return "the rule names the finding"
    if rule.framework and rule.framework != review.info.framework:
        return ""
    if rule.kloe and finding.kloe not in rule.kloe:
        return ""
    if not rule.word_list:
        return f"question {finding.kloe}"
    words = next((one for one in rule.word_list if _pattern(one).search(finding.statement)), "")
    if not words:
        return ""
    return f"question {finding.kloe}, words {words!r}" if rule.kloe else f"words {words!r}"


def count_matches(
    programme: Programme, findings: Sequence[ProgrammeFinding]
) -> tuple[tuple[ThemeRule, int], ...]:
    """How many findings each rule matches, whether or not it decides.

    Parameters
    ----------
    programme : Programme
        With the rules.
    findings : sequence of ProgrammeFinding
        Of all reviews.

    Returns
    -------
    tuple of (ThemeRule, int)
        In the order of the rules. One that matches none may hold a slip.
    """
    return tuple(
        (
            rule,
            sum(
                bool(_why(rule, one.review, one.finding))
                and (not rule.names_finding or _names(rule, one.review, one.finding))
                for one in findings
            ),
        )
        for rule in programme.rules
    )


@lru_cache(maxsize=1000)
def _pattern(words: str) -> re.Pattern[str]:
    """Words that follow each other; one that ends in ``*`` may go on."""
    parts = [
        re.escape(part[:-1]) + r"\w*" if part.endswith("*") else re.escape(part)
        for part in words.split()
    ]
    return re.compile(r"(?<!\w)" + r"\W+".join(parts) + r"(?!\w)", re.IGNORECASE)


# ------------------------------------------------------------------------- all findings


def programme_findings(gathered: Gathered, rules: Rules) -> tuple[ProgrammeFinding, ...]:
    """The findings of every review, with what they show and their themes.

    Parameters
    ----------
    gathered : Gathered
        The reviews.
    rules : Rules
        Of the programme.

    Returns
    -------
    tuple of ProgrammeFinding
        In the order of areas, reviews and findings; withdrawn ones left out.
    """
    share = rules.threshold("direction_share")
    found = []
    for read in gathered.reviews:
        review, area = read.review, gathered.area_of(read)
        for finding in review.findings:
            if finding.status == "withdrawn":
                continue
            sides = {
                side: tuple(
                    one
                    for one in review.evidence_of(finding.finding, side)
                    if review.is_current(one)
                )
                for side in ("for", "against")
            }
            found.append(
                ProgrammeFinding(
                    area.area_code,
                    area.area,
                    read,
                    finding,
                    direction_of(sides["for"], share),
                    sides["for"],
                    sides["against"],
                    find_memberships(gathered.programme, review, finding),
                )
            )
    return tuple(found)
