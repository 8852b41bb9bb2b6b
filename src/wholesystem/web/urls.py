"""Addresses of the whole site; each app has its own list."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("wholesystem.web.site.urls")),
    path("", include("wholesystem.web.accounts.urls")),
    path("", include("wholesystem.web.answers.urls")),
    path("", include("wholesystem.web.workspace.urls")),
]

handler400 = "wholesystem.web.site.views.show_bad_request"
handler403 = "wholesystem.web.site.views.show_forbidden"
handler404 = "wholesystem.web.site.views.show_not_found"
handler500 = "wholesystem.web.site.views.show_our_fault"
