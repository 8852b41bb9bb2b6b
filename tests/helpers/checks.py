"""Checks of simulated figures against exact ones, with the tolerance taken from the data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

STANDARD_ERRORS = 4.0
"""Distance allowed, in standard errors of the mean over replications.

With 20 replications or more, a correct engine would exceed 4 standard errors for less than 1
seed in 1,000 (Student t, 19 degrees of freedom); seeds are fixed, so a test never flickers.
"""


def replicate_values(result: Any, measure: str, service: str) -> np.ndarray:
    """Values of one measure of one service, one a replication.

    Parameters
    ----------
    result : wholesystem.flow.SimulationResult
        What ``simulate`` returned.
    measure : str
        A measure of ``summary.csv``.
    service : str
        A service of the model.

    Returns
    -------
    ndarray of float, shape (replications,)
        In the measure's unit; NaN where the measure has no value.
    """
    return np.asarray(result.replicates[measure])[:, result.services.index(service)]


def assert_agrees(
    values: np.ndarray,
    expected: float,
    *,
    precision: float = 0.02,
    edge: float = 0.0,
) -> None:
    """Assert that the mean of independent values agrees with an exact figure.

    Parameters
    ----------
    values : ndarray of float, shape (replications,)
        One value a replication.
    expected : float
        The exact figure.
    precision : float
        Largest standard error allowed, as a share of the figure (absolute if the figure is 0), so
        that the check can find a fault: 4 standard errors of a vague mean would excuse anything.
    edge : float
        Known bias of a finite window, in the figure's unit, added to the tolerance.

    Raises
    ------
    AssertionError
        If the mean is too vague, or too far from the figure.
    """
    mean = float(np.mean(values))
    standard_error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    scale = abs(expected) or 1.0
    assert standard_error <= precision * scale, (
        f"the mean {mean:.6g} has standard error {standard_error:.3g}, too vague to test"
    )
    tolerance = STANDARD_ERRORS * standard_error + edge + 1e-9 * scale
    assert abs(mean - expected) <= tolerance, (
        f"simulated {mean:.6g}, exact {expected:.6g}, difference {mean - expected:+.3g}, "
        f"tolerance {tolerance:.3g} ({standard_error:.3g} standard error)"
    )
