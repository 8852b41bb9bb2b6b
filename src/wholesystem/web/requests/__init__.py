"""The information request: what is asked of the system, and what it answers."""
