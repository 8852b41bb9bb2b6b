"""Signing in through an organisation's own accounts (OpenID Connect), where it is set up.

The library does the exchange. It checks neither the issuer nor the audience of a token, takes an
address that nobody verified, and makes accounts for strangers: all four are otherwise here.
"""

from __future__ import annotations

import logging
from typing import Any

import jwt
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from wholesystem.web.accounts.invitations import accept_by_provider
from wholesystem.web.accounts.models import User, tidy_email

__all__ = ["Provider", "ProviderReturn", "ProviderSignIn", "check_token"]

LOG = logging.getLogger("wholesystem.accounts")


def check_token(token: dict[str, Any]) -> None:
    """Check that a token was made by our provider, for us, and has an end.

    Parameters
    ----------
    token : dict
        Claims of an identity token whose signature and time were checked.

    Raises
    ------
    SuspiciousOperation
        If not. OpenID Connect Core 1.0, section 3.1.3.7, points 2 to 5 and 9.
    """
    audience = token.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    ours = settings.OIDC_RP_CLIENT_ID
    checks = {
        "issuer": token.get("iss") == settings.OIDC_ISSUER,
        "audience": ours in audiences,
        "party": token.get("azp", ours) == ours,
        "expiry": isinstance(token.get("exp"), int | float),
        "subject": bool(token.get("sub")),
    }
    for name, holds in checks.items():
        if not holds:
            raise SuspiciousOperation(f"The token's {name} is not as it must be.")


class Provider(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Finds the account of the person for whom the provider vouches."""

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Claims of a token; of an identity token all that `check_token` asks."""
        try:
            claims: dict[str, Any] = super().verify_token(token, **kwargs)
        except jwt.PyJWTError:
            raise SuspiciousOperation("The token does not hold.") from None
        if "nonce" in kwargs:
            check_token(claims)
        return claims

    def get_userinfo(
        self, access_token: str, id_token: str, payload: dict[str, Any]
    ) -> dict[str, Any]:
        """What the provider says of the person; of the one in the token and no other."""
        claims: dict[str, Any] = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload["sub"]:
            raise SuspiciousOperation("The provider spoke of another person.")
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """Whether there is an address which the provider has verified."""
        return isinstance(claims.get("email"), str) and claims.get("email_verified") is True

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        """Accounts of the address."""
        return User.objects.filter(email=tidy_email(claims["email"]))

    def create_user(self, claims: dict[str, Any]) -> User | None:
        """Account of an invited person; None for a stranger."""
        return accept_by_provider(email=claims["email"])

    def get_user(self, user_id: Any) -> User | None:
        """Account of a session; None where it was closed, which ends the session."""
        return User.objects.filter(pk=user_id, is_active=True).first()


class _WhereSetUp:
    """Answers only where OpenID Connect is set up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, or say that there is no such page."""
        if not settings.OIDC_RP_CLIENT_ID:
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


@method_decorator(login_not_required, name="dispatch")
class ProviderSignIn(_WhereSetUp, OIDCAuthenticationRequestView):  # type: ignore[misc]
    """Send the browser to the provider."""


@method_decorator(login_not_required, name="dispatch")
class ProviderReturn(_WhereSetUp, OIDCAuthenticationCallbackView):  # type: ignore[misc]
    """Take the browser back from the provider, signed in or refused."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Sign in, or say that it cannot be done; why exactly is in the log only."""
        try:
            response: HttpResponse = super().get(request)
        # What the provider sends may be anything, and it may not answer at all.
        except (OSError, SuspiciousOperation, jwt.PyJWTError, LookupError, TypeError, ValueError):
            LOG.warning("provider_failed", exc_info=True)
            return redirect("accounts:provider-refused")
        return response

    def login_failure(self) -> HttpResponse:
        """Lead to the page that says so."""
        LOG.warning("provider_refused")
        return redirect("accounts:provider-refused")
