"""Django's settings, made of `settings_read`.

Nothing here is chosen by hand on a server: a programme sets environment variables, described one
by one in ``docs/reference/settings.md``.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import nhsuk_frontend_jinja
from csp.constants import NONE, SELF

from wholesystem.web import data_folder, logs
from wholesystem.web.settings_read import read_settings

_read = read_settings(os.environ)
_web = Path(__file__).resolve().parent

# --------------------------------------------------------------------------- where things are

DATA_FOLDER = data_folder.make_folder(_read["DATA_FOLDER"])
INDICATORS_FOLDER = _read["INDICATORS_FOLDER"] or DATA_FOLDER / "indicators"
SQLITE_FILE = DATA_FOLDER / "wholesystem.sqlite3"
MEDIA_ROOT = DATA_FOLDER / "documents"
# No page serves MEDIA_ROOT as it is: a view that asks who may see a document hands it out.
MEDIA_URL = "/documents/"
DATABASES: dict[str, dict[str, Any]] = {
    "default": _read["DATABASE"]
    or {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": SQLITE_FILE,
        "OPTIONS": {
            # A writer takes its lock at once: two that first read and then write would otherwise
            # fail, whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged survives a power cut, at the price of a sync a commit.
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --------------------------------------------------------------------------- what it is made of

DEBUG = False
ROOT_URLCONF = "wholesystem.web.urls"
WSGI_APPLICATION = "wholesystem.web.wsgi.application"
INSTALLED_APPS = [
    "wholesystem.web.site",
    "wholesystem.web.audit",
    "wholesystem.web.accounts",
    "wholesystem.web.workspace",
    "wholesystem.web.cases",
    "wholesystem.web.feedback",
    "wholesystem.web.requests",
    "wholesystem.web.reporting",
    "wholesystem.web.answers",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "wholesystem.web.site.middleware.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "wholesystem.web.site.middleware.add_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wholesystem.web.site.middleware.refuse_large_requests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wholesystem.web.accounts.middleware.lead_to_first_account",
    "wholesystem.web.accounts.middleware.keep_session",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            _web / "templates",
            _web / "workspace" / "templates",
            _web / "cases" / "templates",
            _web / "feedback" / "templates",
            _web / "requests" / "templates",
            _web / "reporting" / "templates",
            _web / "answers" / "templates",
            Path(nhsuk_frontend_jinja.__path__[0]) / "templates",
        ],
        "OPTIONS": {
            "environment": "wholesystem.web.jinja.make_environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "wholesystem.web.site.context.add_site",
            ],
        },
    }
]
STATIC_URL = "/static/"
# The package's own files are served as they lie: no step of collecting them, nothing to forget.
STATIC_ROOT = _web / "static"
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --------------------------------------------------------------------------- language and time

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = _read["TIME_ZONE"]
CONTACT = _read["CONTACT"]

# --------------------------------------------------------------------------- signing in

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AUTHENTICATION_BACKENDS = [
    # First, so that a stopped sign-in is not even tried.
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
INVITATION_DAYS = _read["INVITATION_DAYS"]
PASSWORD_RESET_TIMEOUT = INVITATION_DAYS * 86_400
AXES_FAILURE_LIMIT = "wholesystem.web.accounts.throttle.tries_allowed"
SIGN_IN_TRIES = _read["SIGN_IN_TRIES"]
# Not the e-mail address alone: a stranger could then keep a person out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=_read["SIGN_IN_WAIT_MINUTES"])
AXES_LOCKOUT_CALLABLE = "wholesystem.web.accounts.throttle.show_stopped"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# The address that the connection has; of a reverse proxy's the server takes it out of the header.
AXES_CLIENT_IP_CALLABLE = "wholesystem.web.accounts.throttle.read_address"
AXES_USERNAME_FORM_FIELD = "username"
AXES_WHITELIST_CALLABLE = "wholesystem.web.accounts.throttle.is_by_provider"
AXES_USERNAME_CALLABLE = "wholesystem.web.accounts.throttle.read_username"

OIDC_NAME = _read["OIDC_NAME"]
OIDC_ISSUER = _read["OIDC_ISSUER"]
OIDC_RP_CLIENT_ID = _read["OIDC_CLIENT_ID"]
OIDC_RP_CLIENT_SECRET = _read["OIDC_CLIENT_SECRET"]
OIDC_OP_AUTHORIZATION_ENDPOINT = _read["OIDC_AUTHORIZATION_URL"]
OIDC_OP_TOKEN_ENDPOINT = _read["OIDC_TOKEN_URL"]
OIDC_OP_USER_ENDPOINT = _read["OIDC_USER_URL"]
OIDC_OP_JWKS_ENDPOINT = _read["OIDC_KEYS_URL"]
OIDC_RP_SCOPES = "openid email profile"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10
OIDC_AUTHENTICATION_CALLBACK_URL = "accounts:provider-return"
if OIDC_RP_CLIENT_ID:
    AUTHENTICATION_BACKENDS.append("wholesystem.web.accounts.provider.Provider")

# --------------------------------------------------------------------------- sessions and requests

SECRET_KEY = _read["SECRET_KEY"] or data_folder.secret_key(DATA_FOLDER)
ALLOWED_HOSTS = _read["HOSTS"]
HTTPS = _read["HTTPS"]
PROXY = _read["PROXY"]
SESSION_COOKIE_AGE = _read["SESSION_HOURS"] * 3600
SESSION_COOKIE_NAME = "wholesystem_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "wholesystem.web.site.views.show_csrf_failure"
CSRF_USE_SESSIONS = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LARGEST_REQUEST_BYTES = _read["LARGEST_UPLOAD_MB"] * 1_048_576
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [NONE],
    }
}

# --------------------------------------------------------------------------- logs

# On a person's own terminal a line for each request would bury what the command told them.
_quiet = _read["LOG_FILE"] is None and sys.stderr is not None and sys.stderr.isatty()
LOG_LEVEL = _read["LOG_LEVEL"] or ("WARNING" if _quiet else "INFO")
LOGGING = logs.configuration(LOG_LEVEL, _read["LOG_FILE"])
