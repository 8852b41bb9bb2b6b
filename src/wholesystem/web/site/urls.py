"""Addresses of the site's own pages."""

from __future__ import annotations

from django.urls import path

from wholesystem.web.site import views

app_name = "site"
urlpatterns = [
    path("accessibility/", views.show_accessibility, name="accessibility"),
    path("health", views.answer_health, name="health"),
    path("status/", views.show_status, name="status"),
]
