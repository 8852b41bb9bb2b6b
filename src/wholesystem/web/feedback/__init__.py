"""Feedback tools, the lead's side: making, opening, inviting, closing, and clearing comments.

What is answered stands in a database of its own: see `wholesystem.web.answers`.
"""
