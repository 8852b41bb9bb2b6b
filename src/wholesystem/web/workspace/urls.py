"""Addresses of the workspace's pages."""

from __future__ import annotations

from wholesystem.web.cases import urls as urls_cases
from wholesystem.web.feedback import urls as urls_feedback
from wholesystem.web.requests import urls as urls_requests
from wholesystem.web.workspace import urls_evidence, urls_findings, urls_reviews

__all__ = ["app_name", "urlpatterns"]

app_name = "workspace"
urlpatterns = [
    *urls_reviews.urlpatterns,
    *urls_evidence.urlpatterns,
    *urls_findings.urlpatterns,
    *urls_cases.urlpatterns,
    *urls_feedback.urlpatterns,
    *urls_requests.urlpatterns,
]
