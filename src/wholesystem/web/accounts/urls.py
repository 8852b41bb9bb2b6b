"""Addresses of the pages of accounts."""

from __future__ import annotations

from django.urls import path

from wholesystem.web.accounts import people, provider, views

app_name = "accounts"
urlpatterns = [
    path("first-account/", views.create_first_account, name="first-account"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("sign-in/provider/", provider.ProviderSignIn.as_view(), name="provider-sign-in"),
    path("sign-in/provider/return/", provider.ProviderReturn.as_view(), name="provider-return"),
    path("sign-in/provider/refused/", views.show_provider_refused, name="provider-refused"),
    path("account/", views.show_account, name="account"),
    path("account/name/", views.change_name, name="name"),
    path("account/password/", views.change_password, name="password"),
    path("invitation/<str:token>/", views.accept_invitation, name="invitation"),
    path("set-password/<str:uid>/<str:token>/", views.set_password, name="set-password"),
    path("link/", people.show_link, name="link"),
    path("people/", people.show_people, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/<int:pk>/", people.show_person, name="person"),
    path("people/<int:pk>/change/", people.change_person, name="change-person"),
    path(
        "people/invitations/<int:pk>/change/",
        people.change_invitation,
        name="change-invitation",
    ),
]
