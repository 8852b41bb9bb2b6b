"""What other apps may listen to."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["invitation_accepted"]

invitation_accepted = Signal()
"""Sent inside the transaction that accepts an invitation, with ``invitation`` and ``user``.

A receiver makes of the invitation what it grants, such as a part in a review. If it raises,
nothing of the acceptance stands.
"""
