"""Addresses of the pages on organisations, sources, documents and evidence."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.workspace.views import documents, evidence, figures, organisations, sources

__all__ = ["urlpatterns"]

ONE = "reviews/<str:review>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}organisations/", organisations.show_organisations, name="organisations"),
    path(f"{ONE}organisations/add/", organisations.add_organisation, name="add_organisation"),
    path(f"{ONE}organisations/<str:code>/", organisations.show_organisation, name="organisation"),
    path(
        f"{ONE}organisations/<str:code>/change/",
        organisations.change_organisation,
        name="change_organisation",
    ),
    path(f"{ONE}sources/", sources.show_sources, name="sources"),
    path(f"{ONE}sources/add/", sources.add_source, name="add_source"),
    path(f"{ONE}sources/<str:code>/", sources.show_source, name="source"),
    path(f"{ONE}sources/<str:code>/change/", sources.change_source, name="change_source"),
    path(f"{ONE}sources/<str:code>/withdraw/", sources.withdraw_source, name="withdraw_source"),
    path(f"{ONE}documents/", documents.show_documents, name="documents"),
    path(f"{ONE}documents/add/", documents.upload_document, name="upload_document"),
    path(f"{ONE}documents/<str:digest>/", documents.show_document, name="document"),
    path(f"{ONE}documents/<str:digest>/file/", documents.document_file, name="document_file"),
    path(f"{ONE}evidence/", evidence.show_evidence_list, name="evidence_list"),
    path(f"{ONE}evidence/add/", evidence.add_evidence, name="add_evidence"),
    path(f"{ONE}evidence/<str:code>/", evidence.show_evidence, name="evidence"),
    path(f"{ONE}evidence/<str:code>/change/", evidence.change_evidence, name="change_evidence"),
    path(
        f"{ONE}evidence/<str:code>/withdraw/", evidence.withdraw_evidence, name="withdraw_evidence"
    ),
    path(f"{ONE}figures/find/", figures.find_figures, name="find_figures"),
    path(f"{ONE}questions/find/", evidence.find_questions, name="find_questions"),
]
