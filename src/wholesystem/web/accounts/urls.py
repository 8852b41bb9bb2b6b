"""Addresses of the pages of accounts."""

from __future__ import annotations

from django.urls import path

from wholesystem.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("first-account/", views.first_account, name="first-account"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.show_account, name="account"),
    path("people/", views.show_people, name="people"),
]
