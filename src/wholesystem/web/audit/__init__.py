"""The chain of what was done with accounts."""
