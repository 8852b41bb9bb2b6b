"""Cited figures: the value as cited beside what stands there now."""

from __future__ import annotations

from dataclasses import dataclass

from wholesystem.web.workspace import models

__all__ = ["Cited", "look_up_figure"]


@dataclass(frozen=True)
class Cited:
    """A cited figure and what is there now."""

    figure: models.Figure


def look_up_figure(review: models.Review, figure: models.Figure) -> Cited:
    """Look up a cited figure."""
    return Cited(figure)
