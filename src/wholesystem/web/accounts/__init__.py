"""Accounts: signing in, invitations, the first account."""
