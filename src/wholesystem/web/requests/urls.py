"""Addresses of the pages of information requests; they stand in the workspace's namespace."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.requests.views import answering, judging, making, team

__all__ = ["urlpatterns"]

REVIEW = "reviews/<str:review>/"
ONE = f"{REVIEW}requests/<str:code>/"
QUESTION = f"{REVIEW}request-questions/<str:code>/"
YOURS = f"{REVIEW}your-requests/"

urlpatterns: list[URLPattern] = [
    path(f"{REVIEW}requests/", team.show_requests, name="requests"),
    path(f"{REVIEW}start-requests/", making.start_requests, name="start_requests"),
    path(f"{REVIEW}send-requests/", making.send_requests, name="send_requests"),
    path(f"{REVIEW}request-summary/", team.show_summary, name="request_summary"),
    path(f"{REVIEW}request-answers.<str:kind>", judging.take_out_answers, name="request_answers"),
    path(ONE, team.show_request, name="request"),
    path(f"{ONE}change/", making.change_request, name="change_request"),
    path(f"{ONE}add-question/", making.add_request_question, name="add_request_question"),
    path(f"{ONE}send/", making.send_request, name="send_request"),
    path(f"{ONE}return/", judging.return_request, name="return_request"),
    path(f"{ONE}accept/", judging.accept_request, name="accept_request"),
    path(f"{ONE}close/", making.close_request, name="close_request"),
    path(f"{ONE}reopen/", making.reopen_request, name="reopen_request"),
    path(f"{ONE}withdraw/", making.withdraw_request, name="withdraw_request"),
    path(QUESTION, team.show_request_question, name="request_question"),
    path(f"{QUESTION}change/", making.change_request_question, name="change_request_question"),
    path(f"{QUESTION}accept/", judging.accept_answer, name="accept_answer"),
    path(f"{QUESTION}withdraw/", making.withdraw_request_question,
         name="withdraw_request_question"),
    path(YOURS, answering.show_your_requests, name="your_requests"),
    path(f"{YOURS}<str:code>/", answering.show_your_request, name="your_request"),
    path(f"{YOURS}<str:code>/send/", answering.give_answers, name="give_answers"),
    path(f"{REVIEW}your-answers/<str:code>/", answering.write_answer, name="your_answer"),
]  # fmt: skip
