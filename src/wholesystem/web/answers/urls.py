"""Addresses of respondents' pages."""

from __future__ import annotations

from django.urls import path

from wholesystem.web.answers import views

app_name = "answers"

urlpatterns = [
    path("answer/<str:token>/", views.show_cover, name="cover"),
    path("answer/<str:token>/you/", views.show_you, name="you"),
    path("answer/<str:token>/page/<int:page>/", views.show_page, name="page"),
    path("answer/<str:token>/check/", views.show_check, name="check"),
    path("answer/<str:token>/later/", views.show_later, name="later"),
    path("answer/<str:token>/return/", views.come_back, name="return"),
    path("answer/<str:token>/thanks/", views.show_thanks, name="thanks"),
]
