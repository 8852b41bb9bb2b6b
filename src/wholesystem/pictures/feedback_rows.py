"""The figures that pictures of feedback show, and how these pictures write them."""

from __future__ import annotations

from dataclasses import dataclass

from wholesystem.pictures.wording import people_words

__all__ = ["HIDDEN_WORDS", "NOBODY_WORDS", "AnswerBar", "AnswerStep", "PairCell", "RateBar"]

#: In place of figures of a group that is not shown, whatever the reason.
HIDDEN_WORDS = "not shown"
NOBODY_WORDS = "nobody answered"


@dataclass(frozen=True)
class AnswerStep:
    """An answer of a scale.

    Parameters
    ----------
    label : str
        For people.
    side : str
        ``positive``, ``negative`` or ``middle``; ``apart`` for an answer without a score, which is
        counted beside the bar.
    """

    label: str
    side: str


@dataclass(frozen=True)
class AnswerBar:
    """What a group answered.

    Parameters
    ----------
    label : str
        The group.
    counts : tuple of int or None
        Respondents by step; None where the group is not shown.
    share, lower, upper : float or None
        Share that the picture is about with its interval, 0 to 1; None where there is none.
    """

    label: str
    counts: tuple[int, ...] | None
    share: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def words(self) -> str:
        """The share with its interval, or why there is none."""
        if self.counts is None:
            return HIDDEN_WORDS
        if not sum(self.counts):
            return NOBODY_WORDS
        return share_words(self.share, self.lower, self.upper)


@dataclass(frozen=True)
class PairCell:
    """What one kind said of another.

    Parameters
    ----------
    of, about : str
        Who said it; of whom.
    answered : int or None
        Who gave an answer with a score; 0 for a missing pair, None where it is not shown.
    share, lower, upper : float or None
        Share of positive answers with its interval; None where there is none.
    """

    of: str
    about: str
    answered: int | None
    share: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def words(self) -> str:
        """The share, or why there is none."""
        if self.answered is None:
            return HIDDEN_WORDS
        return NOBODY_WORDS if self.share is None else percent(self.share)


@dataclass(frozen=True)
class RateBar:
    """How many of a group answered.

    Parameters
    ----------
    label : str
        The group.
    invited : int
        By links of their own.
    answered : int or None
        None where the group is not shown.
    rate : float or None
        0 to 1; None where there is none.
    reason : str
        Why there is none.
    """

    label: str
    invited: int
    answered: int | None
    rate: float | None
    reason: str = ""

    @property
    def words(self) -> str:
        """The rate, or why there is none."""
        if self.answered is None:
            return HIDDEN_WORDS
        if self.rate is None:
            return f"{people_words(f'{self.answered:,}')} answered, no rate"
        return f"{percent(self.rate)}: {self.answered:,} of {self.invited:,}"


def percent(share: float) -> str:
    """A share as people read it.

    Parameters
    ----------
    share : float
        0 to 1.

    Returns
    -------
    str
        Whole per cent; ``under 1%`` and ``over 99%`` where rounding would say none or all.
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{100 * share:.0f}%"


def share_words(share: float | None, lower: float | None, upper: float | None) -> str:
    """A share with its interval.

    Parameters
    ----------
    share, lower, upper : float or None
        0 to 1; None where nobody gave an answer with a score.

    Returns
    -------
    str
        Such as ``31% (14% to 56%)``.
    """
    if share is None or lower is None or upper is None:
        return "no scored answer"
    return f"{percent(share)} ({percent(lower)} to {percent(upper)})"
