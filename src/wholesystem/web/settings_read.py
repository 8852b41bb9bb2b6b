"""Settings of the workspace: what each means, and reading them from the environment.

`SETTINGS` is the whole of it; `docs/reference/settings.md` is the same table. Django's own
settings, in `settings`, follow from these.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wholesystem.errors import Fault, ParameterError
from wholesystem.web.settings_values import (
    SettingError,
    read_address,
    read_database,
    read_folder,
    read_hosts,
    read_level,
    read_secret,
    read_text,
    read_time_zone,
    read_whole_number,
    read_yes_no,
)

__all__ = ["PREFIX", "SETTINGS", "Setting", "read_settings"]

PREFIX = "WHOLESYSTEM_"
# Read elsewhere: by the command line, by the tests, and by this package for its own commands.
OTHERS = frozenset({"DEBUG", "REQUIRE_ALL"})


@dataclass(frozen=True)
class Setting:
    """One setting.

    Parameters
    ----------
    name : str
        Without the prefix ``WHOLESYSTEM_``.
    kind : str
        What may stand there, in a few words.
    default : str
        What holds where the variable is absent or empty; may be empty.
    meaning : str
        What it does, in a sentence or two.
    read : callable
        Makes the value of the text; raises `SettingError` for text that breaks the rule.
    secret : bool
        Whether its value must not be shown.
    """

    name: str
    kind: str
    default: str
    meaning: str
    read: Callable[[str], Any]
    secret: bool = False

    @property
    def variable(self) -> str:
        """Name of its environment variable."""
        return PREFIX + self.name


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATA_FOLDER",
        "folder",
        "",
        "Where database, documents and keys are kept. Blank: `wholesystem` in the person's own"
        " folder for data (`%LOCALAPPDATA%` on Windows, `~/.local/share` elsewhere).",
        read_folder,
    ),
    Setting(
        "DATABASE",
        "address",
        "",
        "PostgreSQL database, such as `postgres://user:password@host:5432/name`. Blank: SQLite,"
        " in the data folder.",
        read_database,
        secret=True,
    ),
    Setting(
        "SECRET_KEY",
        "text of 50 characters or more",
        "",
        "Signs sessions and links. Blank: made once and kept in the data folder, readable by its"
        " owner only. All processes of one workspace must have the same.",
        read_secret,
        secret=True,
    ),
    Setting(
        "HOSTS",
        "names with commas between",
        "127.0.0.1,localhost,[::1]",
        "Names that browsers reach the workspace by. A request by any other name is refused.",
        read_hosts,
    ),
    Setting(
        "HTTPS",
        "yes or no",
        "no",
        "Whether browsers reach it by HTTPS. Yes: cookies travel encrypted only, plain requests"
        " are sent on, and browsers remember for a year to ask by HTTPS.",
        read_yes_no,
    ),
    Setting(
        "PROXY",
        "IP address",
        "",
        "Address of the reverse proxy whose `X-Forwarded-For` and `X-Forwarded-Proto` are"
        " believed. Blank: nobody's are.",
        read_address,
    ),
    Setting(
        "SESSION_HOURS",
        "1 to 168",
        "8",
        "Hours without a request, to within five minutes, after which a person must sign in again.",
        read_whole_number(1, 168),
    ),
    Setting(
        "SIGN_IN_TRIES",
        "3 to 50",
        "10",
        "Failed sign-ins for one e-mail address from one place, or five times as many for any"
        " addresses from one place, after which sign-in there is stopped.",
        read_whole_number(3, 50),
    ),
    Setting(
        "SIGN_IN_WAIT_MINUTES",
        "1 to 1440",
        "15",
        "Minutes for which it is stopped.",
        read_whole_number(1, 1440),
    ),
    Setting(
        "INVITATION_DAYS",
        "1 to 30",
        "7",
        "Days for which the link of an invitation, or of a new password, holds.",
        read_whole_number(1, 30),
    ),
    Setting(
        "LARGEST_UPLOAD_MB",
        "1 to 2048",
        "50",
        "Largest request, its files included, in megabytes of 1,048,576 bytes.",
        read_whole_number(1, 2048),
    ),
    Setting(
        "INDICATORS_FOLDER",
        "folder",
        "",
        "Where the store of published indicators is. Blank: `indicators` in the data folder.",
        read_folder,
    ),
    Setting(
        "CONTACT",
        "text",
        "",
        "Whom to turn to, such as an e-mail address. Shown on the sign-in, error and"
        " accessibility pages. Blank: an administrator of the workspace.",
        read_text,
    ),
    Setting("TIME_ZONE", "name", "Europe/London", "Time zone of the pages.", read_time_zone),
    Setting(
        "LOG_LEVEL",
        "debug, info, warning or error",
        "",
        "The least important lines that are logged. Blank: info, a line for each request; warning"
        " where the log goes to a person's terminal.",
        read_level,
    ),
    Setting(
        "LOG_FILE",
        "file",
        "",
        "File to which the log is added. Blank: the standard error stream.",
        read_folder,
    ),
    Setting(
        "OIDC_NAME",
        "text",
        "your organisation",
        "What the sign-in page calls the accounts of OpenID Connect: Sign in with ...",
        read_text,
    ),
    Setting(
        "OIDC_CLIENT_ID",
        "text",
        "",
        "Name under which the provider knows the workspace. Blank: no OpenID Connect.",
        read_text,
    ),
    Setting("OIDC_CLIENT_SECRET", "text", "", "Its secret there.", read_text, secret=True),
    Setting(
        "OIDC_ISSUER",
        "address",
        "",
        "The provider's name in its tokens (`iss`), which each token must bear.",
        read_text,
    ),
    Setting(
        "OIDC_AUTHORIZATION_URL", "address", "", "Where the browser is sent to sign in.", read_text
    ),
    Setting("OIDC_TOKEN_URL", "address", "", "Where tokens are fetched.", read_text),
    Setting("OIDC_USER_URL", "address", "", "Where the person's e-mail is asked.", read_text),
    Setting("OIDC_KEYS_URL", "address", "", "Where the provider's keys are (JWKS).", read_text),
)

_OIDC_NEEDED = tuple(
    one.name for one in SETTINGS if one.name.startswith("OIDC_") and one.name != "OIDC_NAME"
)


def read_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Values of all settings.

    Parameters
    ----------
    environ : mapping of str to str
        Environment variables.

    Returns
    -------
    dict of str to object
        By the setting's name without the prefix.

    Raises
    ------
    ParameterError
        With every fault: a value that breaks its rule, a variable that is no setting, and OpenID
        Connect set up in part.
    """
    values: dict[str, Any] = {}
    faults = _unknown(environ)
    for one in SETTINGS:
        text = environ.get(one.variable, "").strip() or one.default
        try:
            values[one.name] = one.read(text)
        except SettingError as error:
            shown = None if one.secret else text
            faults.append(Fault(one.variable, shown, error.rule, error.remedy))
    faults += _oidc_in_part(values)
    if faults:
        raise ParameterError("\n".join(str(fault) for fault in faults))
    return values


def _unknown(environ: Mapping[str, str]) -> list[Fault]:
    """A misspelt setting would otherwise leave its default in force, unseen."""
    known = {one.variable for one in SETTINGS}
    faults = []
    for variable in sorted(environ):
        name = variable.removeprefix(PREFIX)
        if name == variable or variable in known or name in OTHERS:
            continue
        if not re.fullmatch("[A-Z0-9_]+", name):
            continue
        near = difflib.get_close_matches(variable, known, n=1)
        remedy = f"Perhaps {near[0]} was meant." if near else "Take it away."
        faults.append(Fault(variable, None, "There is no such setting.", remedy))
    return faults


def _oidc_in_part(values: Mapping[str, Any]) -> list[Fault]:
    given = [name for name in _OIDC_NEEDED if values.get(name)]
    if not given or len(given) == len(_OIDC_NEEDED):
        return []
    return [
        Fault(
            PREFIX + name,
            "",
            "OpenID Connect needs all of its settings.",
            f"Give it, or take away {PREFIX}{given[0]}.",
        )
        for name in _OIDC_NEEDED
        if not values.get(name)
    ]
