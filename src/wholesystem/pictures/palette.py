"""Colours of the pictures, and the sums that show they can be told apart.

The steps of waiting run from pale blue over yellow and orange to a very dark red: each step is
clearly darker than the one before, so they stay apart in greyscale and for every common kind of
colour-blindness (red-green confusion included, since hue is never the only difference). The upper
three steps also carry hatching.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#212b32"
QUIET_INK = "#4c6272"
PAPER = "#ffffff"
LANE_TINT = "#f0f4f5"
RULE = "#aeb7bd"
BLUE = "#005eb8"
DARK_BLUE = "#003087"
DELAYED = "#7c2614"
BAND_EDGE = "#4c6272"
# Okabe and Ito's colours, used for the bodies responsible in charts (colour-blind safe).
SKY = "#56b4e9"
VERMILION = "#d55e00"
GREEN = "#009e73"


@dataclass(frozen=True)
class WaitStep:
    """One step of the colours for days waited.

    Parameters
    ----------
    below_days : float
        Upper edge in days, not included; infinite for the last step.
    label : str
        The words of the legend.
    colour : str
        Fill, ``#rrggbb``.
    hatch : str
        Name of the hatching laid over the fill; empty for none.
    """

    below_days: float
    label: str
    colour: str
    hatch: str


WAIT_STEPS = (
    WaitStep(0.25, "under 6 hours", "#d9e6f0", ""),
    WaitStep(1.0, "6 to 24 hours", "#e6b84f", ""),
    WaitStep(3.0, "1 to 3 days", "#cf7a2b", "sparse"),
    WaitStep(7.0, "3 to 7 days", "#9e3f1c", "dense"),
    WaitStep(float("inf"), "7 days or more", "#4a1010", "cross"),
)
UNKNOWN_WAIT = WaitStep(float("nan"), "wait not known", "#ffffff", "dots")


def wait_step(days: float | None) -> WaitStep:
    """The step for a mean wait.

    Parameters
    ----------
    days : float or None
        Days waited, >= 0; None or NaN = not known.

    Returns
    -------
    WaitStep
        The step.
    """
    if days is None or days != days:
        return UNKNOWN_WAIT
    return next((step for step in WAIT_STEPS if days < step.below_days), WAIT_STEPS[-1])


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, from 0 (black) to 1 (white).

    Parameters
    ----------
    colour : str
        ``#rrggbb``.

    Returns
    -------
    float
        Relative luminance.

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.1, definition of relative luminance.
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 (the same) to 21 (black on white).

    Parameters
    ----------
    colour : str
        ``#rrggbb``.
    other : str
        ``#rrggbb``.

    Returns
    -------
    float
        At least 4.5 for text to be read by people with poor sight (level AA).

    References
    ----------
    W3C, Web Content Accessibility Guidelines 2.1, definition of contrast ratio.
    """
    first, second = luminance(colour), luminance(other)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
