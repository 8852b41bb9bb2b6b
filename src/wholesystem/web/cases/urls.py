"""Addresses of the pages of cases; they stand in the workspace's namespace."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.cases.views import cases, checklist, drawing, evidence, stays, together

__all__ = ["urlpatterns"]

ALL = "reviews/<str:review>/cases/"
ONE = f"{ALL}<str:code>/"

urlpatterns: list[URLPattern] = [
    path(ALL, cases.show_cases, name="cases"),
    path(f"{ALL}add/", cases.add_case, name="add_case"),
    path(f"{ALL}draw/", drawing.draw_sample, name="draw_cases"),
    path(f"{ALL}together/", together.show_together, name="cases_together"),
    path(f"{ALL}together/table.csv", together.download_together, name="cases_table"),
    path(f"{ALL}together/table.xlsx", together.download_together_workbook, name="cases_workbook"),
    path(ONE, cases.show_case, name="case"),
    path(f"{ONE}picture.svg", cases.show_case_picture, name="case_picture"),
    path(f"{ONE}change/", cases.change_case, name="change_case"),
    path(f"{ONE}withdraw/", cases.withdraw_case, name="withdraw_case"),
    path(f"{ONE}stays/add/", stays.add_case_stay, name="add_case_stay"),
    path(f"{ONE}stays/<int:stay>/", stays.change_case_stay, name="change_case_stay"),
    path(f"{ONE}stays/<int:stay>/remove/", stays.remove_case_stay, name="remove_case_stay"),
    path(f"{ONE}checklist/<str:item>/", checklist.answer_item, name="case_item"),
    path(f"{ONE}begin/<str:part>/", evidence.begin_case_evidence, name="begin_case_evidence"),
    path(f"{ONE}evidence/<str:part>/", evidence.record_case_evidence, name="record_case_evidence"),
]
