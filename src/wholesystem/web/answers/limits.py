"""How much a stranger may ask of these pages in a minute; nothing of it is written anywhere."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import Counter
from threading import Lock

__all__ = ["Limit", "guesses", "guesses_of_all", "new_envelopes"]

MINUTE = 60


class Limit:
    """A number of times a minute, by some name; names are forgotten with the minute.

    Parameters
    ----------
    most : int
        Times a minute.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._minute, self._key = -1, b""
        self._counts: Counter[bytes] = Counter()

    def _turn(self) -> None:
        minute = int(time.monotonic()) // MINUTE
        if minute != self._minute:
            # Names are kept under a key that is thrown away: no address outlives its minute.
            self._minute, self._key = minute, secrets.token_bytes(16)
            self._counts.clear()

    def _name(self, name: str) -> bytes:
        return hashlib.blake2b(name.encode("utf-8", "replace"), key=self._key).digest()

    def is_over(self, name: str) -> bool:
        """Whether a name has had its times of this minute.

        Parameters
        ----------
        name : str
            Such as an address.

        Returns
        -------
        bool
            Nothing is counted by asking.
        """
        with self._lock:
            self._turn()
            return self._counts[self._name(name)] >= self.most

    def count(self, name: str) -> bool:
        """Count one time.

        Parameters
        ----------
        name : str
            Such as an address.

        Returns
        -------
        bool
            False where it is one too many.
        """
        with self._lock:
            self._turn()
            self._counts[self._name(name)] += 1
            return self._counts[self._name(name)] <= self.most

    def forget(self) -> None:
        """Begin a new minute."""
        with self._lock:
            self._minute = -1


#: Links that lead nowhere, by the address that asks, and by all: guessing 80 bits takes longer.
guesses = Limit(20)
guesses_of_all = Limit(600)
#: Envelopes begun by one open link: a hall full of people, not a machine.
new_envelopes = Limit(300)
