"""Which person names must never enter the stays table: NHS numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["is_nhs_number", "nhs_numbers"]

_TEN_DIGITS = r"^\s*[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\s*$"
_WEIGHTS = np.arange(10, 1, -1)


def is_nhs_number(text: str) -> bool:
    """Whether a text is ten digits that pass the NHS number's check digit.

    Parameters
    ----------
    text : str
        Ten digits, together or as 3, 3 and 4 with a space or a hyphen between.

    Returns
    -------
    bool
        True for NHS numbers, and for the Scottish and Northern Irish numbers built the same way.

    Notes
    -----
    The first nine digits are multiplied by 10, 9, ... 2 and added up. The check digit is 11 less
    the remainder of that sum on division by 11; 11 is written 0, and numbers that would need 10
    are not issued.

    References
    ----------
    NHS Data Dictionary, "NHS NUMBER" (the modulus 11 algorithm).

    Examples
    --------
    >>> is_nhs_number("943 476 5919"), is_nhs_number("9434765918")
    (True, False)
    """
    return bool(nhs_numbers(pa.array([text]))[0])


def nhs_numbers(names: pa.Array) -> NDArray[np.bool_]:
    """Which of the names are NHS numbers.

    Parameters
    ----------
    names : pyarrow.Array of string
        Any names; null is not a number.

    Returns
    -------
    ndarray of bool, shape (n_names,)
        True where `is_nhs_number`.
    """
    shaped = pc.fill_null(pc.match_substring_regex(names, _TEN_DIGITS), False)
    found = shaped.to_numpy(zero_copy_only=False).astype(bool)
    if found.any():
        bare = pc.replace_substring_regex(names.filter(shaped), r"[\s-]", "")
        digits = np.array([[int(d) for d in text] for text in bare.to_pylist()], dtype=np.int64)
        found[found] = _passes(digits)
    return np.asarray(found, dtype=np.bool_)


def _passes(digits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the last of each ten digits is the check digit of the nine before it."""
    check = (11 - digits[:, :9] @ _WEIGHTS % 11) % 11
    return np.asarray(check == digits[:, 9])
