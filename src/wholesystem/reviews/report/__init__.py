"""The prose of a review's report, without its layout: what it says, and what that rests on.

A `ReportParagraph` is written beside its evidence and cites it by marks such as ``[F01, E012]``.
"""
