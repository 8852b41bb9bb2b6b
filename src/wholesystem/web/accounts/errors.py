"""What the actions on accounts refuse."""

from __future__ import annotations

from wholesystem.errors import UserError

__all__ = ["AccountError"]


class AccountError(UserError):
    """An action on an account or invitation that its state does not allow."""
