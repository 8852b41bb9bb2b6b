"""The one-time code that whoever starts the workspace gives to the first account.

The terminal shows it; the data folder keeps only its digest. Whoever reaches the page without
having seen the terminal cannot make the first account.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from django.conf import settings

from wholesystem.web.data_folder import write_private

__all__ = ["forget_code", "is_code", "make_code"]

# Without letters and digits that look alike.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 12
GROUP = 4


def _file() -> Path:
    return Path(settings.DATA_FOLDER) / "first_account_code"


def _digest(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


def make_code() -> str:
    """A new code, in place of any earlier one.

    Returns
    -------
    str
        Such as ``ABCD-EFGH-JK23``: 60 bits, too many to be guessed.
    """
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    _file().unlink(missing_ok=True)
    write_private(_file(), _digest(letters))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def is_code(code: str) -> bool:
    """Whether it is the code, in capital or small letters, with or without hyphens.

    Parameters
    ----------
    code : str
        As typed.

    Returns
    -------
    bool
        False also where there is no code.
    """
    try:
        kept = _file().read_text("utf-8").strip()
    except FileNotFoundError:
        return False
    return hmac.compare_digest(kept, _digest(code))


def forget_code() -> None:
    """Take the code away, once the first account is there."""
    _file().unlink(missing_ok=True)
