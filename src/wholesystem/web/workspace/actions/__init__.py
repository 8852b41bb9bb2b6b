"""What people do to a review: each keyword-only, atomic, by somebody, and written in its history.

An action asks permission and policy itself, so no page can forget to.
"""
