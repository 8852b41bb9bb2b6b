"""Settings: their values, their faults told together, and the page that describes them."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from wholesystem.errors import OutputError, ParameterError
from wholesystem.web import data_folder
from wholesystem.web.settings_read import SETTINGS, read_settings
from wholesystem.web.settings_values import SettingError, read_database, read_hosts

OIDC = {
    "WHOLESYSTEM_OIDC_CLIENT_ID": "us",
    "WHOLESYSTEM_OIDC_CLIENT_SECRET": "s",
    "WHOLESYSTEM_OIDC_ISSUER": "https://id.example.org",
    "WHOLESYSTEM_OIDC_AUTHORIZATION_URL": "https://id.example.org/a",
    "WHOLESYSTEM_OIDC_TOKEN_URL": "https://id.example.org/t",
    "WHOLESYSTEM_OIDC_USER_URL": "https://id.example.org/u",
    "WHOLESYSTEM_OIDC_KEYS_URL": "https://id.example.org/k",
}


def test_an_empty_environment_gives_every_setting_a_value() -> None:
    values = read_settings({})

    assert set(values) == {one.name for one in SETTINGS}
    assert values["HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert (values["SESSION_HOURS"], values["LARGEST_UPLOAD_MB"]) == (8, 50)
    assert values["DATABASE"] is None
    assert values["HTTPS"] is False


def test_a_blank_variable_is_an_absent_one() -> None:
    assert read_settings({"WHOLESYSTEM_SESSION_HOURS": "  "}) == read_settings({})


def test_other_peoples_variables_are_left_alone() -> None:
    environ = {"PATH": "/bin", "WHOLESYSTEM_DEBUG": "1", "WHOLESYSTEM_REQUIRE_ALL": "1"}

    assert read_settings(environ) == read_settings({})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SESSION_HOURS", "0", "whole number from 1 to 168"),
        ("SESSION_HOURS", "eight", "whole number from 1 to 168"),
        ("SESSION_HOURS", "٨", "whole number from 1 to 168"),
        ("HTTPS", "true", "must be yes or no"),
        ("HOSTS", "https://review.example.org", "without https://"),
        ("HOSTS", "review.example.org:443", "without a port"),
        ("HOSTS", "*", "names with commas"),
        ("HOSTS", ",", "names with commas"),
        ("DATA_FOLDER", "data", "whole path"),
        ("TIME_ZONE", "London", "name of a time zone"),
        ("TIME_ZONE", "../etc/passwd", "name of a time zone"),
        ("LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("PROXY", "proxy.example.org", "IP address"),
        ("CONTACT", "a\x1b[31mb", "plain text"),
        ("SECRET_KEY", "short", "50 characters"),
        ("SECRET_KEY", "a" * 60, "drawn at random"),
        ("DATABASE", "mysql://u:p@h/n", "postgres://"),
        ("DATABASE", "postgres://u:p@h:port/n", "postgres://"),
        ("DATABASE", "postgres://u:p@h", "postgres://"),
    ],
)
def test_a_wrong_value_is_told_with_rule_and_remedy(name: str, value: str, told: str) -> None:
    with pytest.raises(ParameterError, match=f"WHOLESYSTEM_{name}") as caught:
        read_settings({f"WHOLESYSTEM_{name}": value})

    assert told in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE", "OIDC_CLIENT_SECRET"])
def test_a_secret_is_not_shown(name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_settings({f"WHOLESYSTEM_{name}": "hunter2\n"[:7] + "\x07"})

    assert "hunter2" not in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    wrong = {
        "WHOLESYSTEM_SESSION_HOURS": "0",
        "WHOLESYSTEM_HTPS": "yes",
        "WHOLESYSTEM_HTTPS": "oui",
    }
    with pytest.raises(ParameterError) as caught:
        read_settings(wrong)

    assert len(str(caught.value).splitlines()) == 3
    assert (
        "WHOLESYSTEM_HTPS: There is no such setting. Perhaps WHOLESYSTEM_HTTPS was meant."
        in str(caught.value)
    )


def test_openid_connect_is_whole_or_not_at_all() -> None:
    assert read_settings(OIDC)["OIDC_ISSUER"] == "https://id.example.org"
    for name in OIDC:
        part = {other: value for other, value in OIDC.items() if other != name}
        with pytest.raises(ParameterError, match=f"{name} is blank. OpenID Connect needs all"):
            read_settings(part)


def test_a_database_address_is_taken_apart() -> None:
    found = read_database("postgresql://ann:p%40ss%2F@db.example.org:5433/reviews?sslmode=require")

    assert found is not None
    assert found["USER"] == "ann"
    assert found["PASSWORD"] == "p@ss/"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", "5433", "reviews")
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_a_socket_is_named_as_host() -> None:
    found = read_database("postgres:///reviews?host=%2Fvar%2Frun%2Fpostgresql")

    assert found is not None
    assert found["HOST"] == "/var/run/postgresql"


def test_hosts_may_be_addresses_and_whole_domains() -> None:
    assert read_hosts("a.example.org, [::1],.example.org") == [
        "a.example.org",
        "[::1]",
        ".example.org",
    ]
    with pytest.raises(SettingError):
        read_hosts("a b")


def test_the_page_describes_every_setting_as_the_table_does() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")

    for one in SETTINGS:
        default = f"`{one.default}`" if one.default else "blank"
        assert f"| `{one.variable}` | {one.kind} | {default} | {one.meaning} |\n" in page
    assert page.count("| `WHOLESYSTEM_") == len(SETTINGS)


# --------------------------------------------------------------------------- the data folder


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = data_folder.secret_key(tmp_path)

    assert data_folder.secret_key(tmp_path) == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_of_two_that_write_at_once_the_first_stands(tmp_path: Path) -> None:
    path = tmp_path / "file"

    assert data_folder.write_private(path, "one") is True
    assert data_folder.write_private(path, "two") is False
    assert path.read_text() == "one"


def test_the_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = data_folder.make_folder(tmp_path / "a" / "b")

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="WHOLESYSTEM_DATA_FOLDER"):
        data_folder.make_folder(tmp_path / "file" / "data")


def test_the_default_folder_follows_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert data_folder.default_folder() == Path("/local/wholesystem")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/share")
    assert data_folder.default_folder() == Path("/share/wholesystem")
