"""The report of a review as a document: its prose, and what is drawn from the review beside it."""

from __future__ import annotations

from wholesystem.reports.review_report.assembling import ReportInputs, make_review_report

__all__ = ["ReportInputs", "make_review_report"]
