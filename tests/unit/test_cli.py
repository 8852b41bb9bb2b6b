"""The command line: its table, options' ranges and errors, and that all of it is documented."""

import os
import re
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.conftest import ROOT
from wholesystem import __version__, _options, cli
from wholesystem._serve import make_server
from wholesystem.errors import OurFault, UserError

COMMANDS_PAGE = ROOT / "docs" / "reference" / "commands.md"


def documented_sections() -> dict[str, str]:
    """Text of the commands page below each `## wholesystem ...`."""
    text = COMMANDS_PAGE.read_text("utf-8").split("\n## Settings")[0]
    parts = re.split(r"^## wholesystem (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def flags_of(command: _options.Command) -> set[str]:
    flags = {flag for names, _ in command.options for flag in names if flag.startswith("-")}
    return flags | ({"--no-progress"} if "--progress" in flags else set())


def test_every_command_is_documented_and_every_documented_command_exists() -> None:
    assert [*documented_sections()] == [command.words for command in cli.COMMANDS]


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.words)
def test_every_option_is_documented_and_every_documented_option_exists(
    command: _options.Command,
) -> None:
    section = documented_sections()[command.words]

    assert set(re.findall(r"`(--[a-z-]+)", section)) == flags_of(command)
    usage = section.split("`")[1]
    for names, settings in command.options:
        if not names[0].startswith("-"):
            assert settings["metavar"] in usage


def test_options_of_the_program_are_documented() -> None:
    intro = COMMANDS_PAGE.read_text("utf-8").split("## wholesystem")[0]
    parser = cli.build_parser()
    flags = {flag for action in parser._actions for flag in action.option_strings}

    assert flags - {"-h"} == set(re.findall(r"^\| `(--[a-z-]+)`", intro, flags=re.MULTILINE))


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.words)
def test_every_command_shows_help(
    command: _options.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([*command.words.split(), "--help"])

    assert stop.value.code == 0
    text = capsys.readouterr().out
    for flag in flags_of(command):
        assert flag in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])

    assert stop.value.code == 0
    assert capsys.readouterr().out == f"wholesystem {__version__}\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "COMMAND"),
        (["dance"], "dance"),
        (["simulate", "m"], "--out"),
        (["simulate", "m", "--out", "o", "--replications", "0"], "from 1 to 10000"),
        (["simulate", "m", "--out", "o", "--replications", "10001"], "from 1 to 10000"),
        (["simulate", "m", "--out", "o", "--replications", "1_0"], "from 1 to 10000"),
        (["simulate", "m", "--out", "o", "--replications", "3.5"], "from 1 to 10000"),
        (["simulate", "m", "--out", "o", "--replications", "9" * 5000], "from 1 to 10000"),
        (["simulate", "m", "--out", "o", "--days", "0"], "above 0"),
        (["simulate", "m", "--out", "o", "--days", "nan"], "above 0"),
        (["simulate", "m", "--out", "o", "--days", "inf"], "at most 36525"),
        (["simulate", "m", "--out", "o", "--days", "365000000"], "at most 36525"),
        (["simulate", "m", "--out", "o", "--days", "ten"], "above 0"),
        (["simulate", "m", "--out", "o", "--seed", "-1"], "from 0"),
        (["simulate", "m", "--out", "o", "--seed", str(2**63)], str(2**63 - 1)),
        (["compare", "m", "no-such-folder", "--out", "o"], "no model folder or workbook"),
        (["compare", "m", "services.a.places=3", "--out", "o"], "name without a dot"),
        (["compare", "m", "x=", "--out", "o"], "one or more settings"),
        (["show", "--port", "65536"], "from 0 to 65535"),
        (["simulate", "m", "--out", "o", "--rep", "3"], "--rep"),
        (["compare", "m", "x" * 5000, "--out", "o"], "no model folder or workbook"),
        (["stays", "import", "f", "--out", "o", "--window-start", "1 May"], "year-month-day"),
        (["stays", "import", "f", "--out", "o", "--window-end", "2017-05-01T00:00Z"], "time zone"),
        (["stays", "import", "f", "--out", "o", "--population", "0"], "above 0"),
        (["stays", "import", "f", "--out", "o", "--population", "nan"], "above 0"),
        (["stays", "measure", "f", "--out", "o", "--role", "hospital="], "given its services"),
        (["stays", "measure", "f", "--out", "o", "--rule", "mine"], "below_5"),
    ],
)
def test_wrong_options_exit_with_2_and_say_what_is_allowed(
    words: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        cli.main(words)

    assert stop.value.code == 2
    message = capsys.readouterr().err
    assert says in message
    assert len(message) < 2000
    assert os.listdir(tmp_path) == []


def test_the_ends_of_each_range_are_allowed() -> None:
    assert (_options.replications("1"), _options.replications("10000")) == (1, 10000)
    assert (_options.seed("0"), _options.seed(str(2**63 - 1))) == (0, 2**63 - 1)
    assert (_options.days("0.5"), _options.days("36525")) == (0.5, 36525.0)
    assert _options.population("1") == 1
    assert _options.date_time("2017-04-01T08:00").isoformat() == "2017-04-01T08:00:00"
    assert _options.role("hospital=a, b") == ("hospital", ("a", "b"))


def test_a_scenario_is_a_model_a_named_model_or_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan").mkdir()

    assert _options.scenario("plan") == _options.Scenario("plan", Path("plan"))
    assert _options.scenario("mine=plan") == _options.Scenario("mine", Path("plan"))
    assert _options.scenario(
        "more=services.a.places=3, durations.a.days=gamma(mean=4, sd=2)"
    ) == _options.Scenario(
        "more", None, ("services.a.places=3", "durations.a.days=gamma(mean=4, sd=2)")
    )


def run_failing(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, environ: dict[str, str] | None = None
) -> int:
    """Exit code of a command that raises."""

    def fail(**_: object) -> None:
        raise error

    failing = _options.Command("new", "fail", fail, ())
    monkeypatch.setattr(cli, "COMMANDS", (failing,))
    return cli.main(["new"], environ=environ or {})


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (UserError("a.csv is empty. Give rows."), 2, "wholesystem new: a.csv is empty. Give rows."),
        (OurFault("lost count"), 1, "a fault of ours, not of your data: OurFault: lost count"),
        (ZeroDivisionError("x"), 1, "wholesystem --debug new"),
        (PermissionError(13, "Permission denied", "r.csv"), 2, "r.csv: Permission denied"),
        (OSError(28, "No space left on device"), 2, "No space left on device"),
        (OSError(5, "Input/output error"), 1, "a fault of ours"),
        (KeyboardInterrupt(), 130, "Stopped."),
    ],
)
def test_errors_are_told_without_a_traceback(
    error: BaseException,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_failing(monkeypatch, error) == code
    captured = capsys.readouterr()
    assert says in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_debug_shows_where_an_error_arose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_failing(monkeypatch, ZeroDivisionError("x"), {"WHOLESYSTEM_DEBUG": "1"}) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_stops_reading_is_no_error() -> None:
    program = (
        "import sys\n"
        "from wholesystem import cli\n"
        "from wholesystem._options import Command\n"
        "cli.COMMANDS = (Command('new', 'print', lambda: print('line\\n' * 100_000)),)\n"
        "sys.exit(cli.main(['new']))\n"
    )
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(
            [sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)

    assert (run.returncode, run.stderr) == (0, b"")


def test_the_module_runs_as_the_command() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "wholesystem", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout == f"wholesystem {__version__}\n"


@pytest.fixture
def page_port(tmp_path: Path):
    (tmp_path / "index.html").write_text("<p>the page</p>")
    (tmp_path / "folder").mkdir()
    with make_server(tmp_path, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def get(port: int, path: str, host: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_show_shows_the_page_to_this_computer_only(page_port: int) -> None:
    status, body = get(page_port, "/", f"127.0.0.1:{page_port}")

    assert (status, body) == (200, b"<p>the page</p>")
    assert get(page_port, "/", f"localhost:{page_port}")[0] == 200
    assert get(page_port, "/", f"elsewhere.example:{page_port}")[0] == 403
    assert get(page_port, "/folder/", f"127.0.0.1:{page_port}")[0] == 404
    assert get(page_port, "/../secret", f"127.0.0.1:{page_port}")[0] == 404


def test_show_refuses_a_folder_without_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["show", str(tmp_path)], environ={}) == 2
    assert "holds no index.html" in capsys.readouterr().err


def test_show_says_when_the_port_is_taken(page_port: int, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Choose another"):
        make_server(tmp_path, page_port)
