"""Addresses of the pages on the grid, findings, areas for improvement, search and history."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.workspace.views import (
    finding_states,
    findings,
    history,
    improvements,
    links,
    questions,
    searching,
)

__all__ = ["urlpatterns"]

ONE = "reviews/<str:review>/"
FINDING = f"{ONE}findings/<str:code>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}grid/", questions.show_grid, name="grid"),
    path(f"{ONE}grid/table.csv", questions.download_grid, name="grid_table"),
    path(f"{ONE}grid/<str:kloe>/", questions.show_question, name="question"),
    path(f"{ONE}contradictions/", questions.show_contradictions, name="contradictions"),
    path(f"{ONE}findings/", findings.show_findings, name="findings"),
    path(f"{ONE}findings/add/", findings.add_finding, name="add_finding"),
    path(FINDING, findings.show_finding, name="finding"),
    path(f"{FINDING}change/", findings.change_finding, name="change_finding"),
    path(f"{FINDING}link/", links.link_evidence, name="link_evidence"),
    path(f"{FINDING}unlink/", links.unlink_evidence, name="unlink_evidence"),
    path(f"{FINDING}confirm/", finding_states.confirm_finding, name="confirm_finding"),
    path(f"{FINDING}reopen/", finding_states.reopen_finding, name="reopen_finding"),
    path(f"{FINDING}withdraw/", finding_states.withdraw_finding, name="withdraw_finding"),
    path(f"{ONE}improvements/", improvements.show_improvements, name="improvements"),
    path(f"{ONE}improvements/add/", improvements.add_improvement, name="add_improvement"),
    path(
        f"{ONE}improvements/<str:code>/",
        improvements.change_improvement,
        name="change_improvement",
    ),
    path(f"{ONE}search/", searching.show_search, name="search"),
    path(f"{ONE}history/", history.show_history, name="history"),
    path(
        f"{ONE}history/<str:table>/<str:record>/",
        history.show_record_history,
        name="record_history",
    ),
]
