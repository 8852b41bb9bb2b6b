"""`wholesystem spc` end to end."""

import csv
import re
from pathlib import Path

import pytest

from wholesystem import cli

MONTHS = [f"{2016 + i // 12}-{i % 12 + 1:02d}" for i in range(24)]
VALUES = [9, 11] * 6 + [19, 21] * 6


def write(path: Path, rows: list[list[object]], header: str = "date,value") -> Path:
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n")
    return path


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return write(tmp_path / "bed_days.csv", list(zip(MONTHS, VALUES, strict=True)))


def run(*arguments: object) -> int:
    return cli.main([str(one) for one in ("spc", *arguments)])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_points_have_the_fixed_columns_and_words(series: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(series, "--out", out, "--better", "low", "--target", "16") == 0

    header = (out / "points.csv").read_text("utf-8").splitlines()[0]
    assert header == (
        "date,value,mean,lower,upper,near_lower,near_upper,special_cause,variation,assurance"
    )
    points = rows_of(out / "points.csv")
    # Mean 15; moving ranges 22 of 2 and one of 8: limits 15 -/+ 2.66 x 52/23.
    assert points[0]["date"] == "2016-01-01"
    assert float(points[0]["upper"]) == pytest.approx(15 + 2.66 * 52 / 23)
    assert [point["variation"] for point in points] == ["improvement"] * 12 + ["concern"] * 12
    assert {point["special_cause"] for point in points} == {
        "two of three near a limit",
        "seven one side",
    }
    assert {point["assurance"] for point in points} == {"hit or miss"}
    assert sorted(path.name for path in out.iterdir()) == [
        "chart.svg",
        "index.html",
        "points.csv",
        "summary.csv",
    ]


def test_a_rebasing_with_its_reason(series: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    code = run(series, "--out", out, "--rebase", "2017-01", "--reason", "New ward", "--target", 12)

    assert code == 0
    points = rows_of(out / "points.csv")
    assert {point["special_cause"] for point in points} == {""}
    assert [float(point["mean"]) for point in points] == [10] * 12 + [20] * 12
    assert {point["assurance"] for point in points} == {"consistently passes"}
    captured = capsys.readouterr()
    assert "start anew from Jan 2017: New ward." in captured.out
    assert "High is taken as better." in captured.err
    assert "has no reason" not in captured.err
    assert "Rebased Jan 2017: New ward" in (out / "chart.svg").read_text("utf-8")


def test_the_page_stands_alone(series: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(series, "--out", out, "--title", "Beds <b>now</b>", "--unit", "days") == 0

    page = (out / "index.html").read_text("utf-8")
    assert "<script" not in page
    assert "Beds &lt;b&gt;now&lt;/b&gt;" in page
    assert not re.search(r'(src|href)="(?!#|data:,)', page)
    assert "2.66 = 3 / 1.128" in page
    assert page.count("<tr>") == 25  # a heading and a row for each point


def test_each_group_has_its_chart(tmp_path: Path) -> None:
    rows = [
        [month, area, value]
        for area in ("Kent", "=Leeds")
        for month, value in zip(MONTHS, VALUES, strict=True)
    ]
    path = write(tmp_path / "areas.csv", rows, "month,area,days")
    out = tmp_path / "out"
    assert run(path, "--out", out, "--group", "area", "--rebase", "2017-01-01") == 0

    assert (out / "chart-001-kent.svg").is_file()
    assert (out / "chart-002-leeds.svg").is_file()
    points = rows_of(out / "points.csv")
    assert list(points[0])[:2] == ["group", "date"]
    assert [one["group"] for one in rows_of(out / "summary.csv")] == ["Kent", "'=Leeds"]
    assert len(points) == 48


def test_the_verdict_has_words_for_icons(series: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(series, "--out", out, "--better", "neither", "--target", "16") == 0
    (summary,) = rows_of(out / "summary.csv")

    assert summary["variation_icon"] == "Neutral change (high)"
    assert summary["assurance_icon"] == "No target"
    assert summary["variation"] == "neutral change"
    assert summary["latest"] == "21"
    assert summary["trial_limits"] == "no"


@pytest.mark.parametrize(
    ("options", "kind", "mean"),
    [
        (["--chart", "run"], "run", 15.0),
        (["--chart", "c", "--better", "low"], "c", 15.0),
        (["--chart", "p", "--denominator", "base", "--unit", "%"], "p", 15.0),
        (["--chart", "u", "--denominator", "base", "--per", "1000", "--overdispersion"], "u", 150),
        (["--chart", "t", "--value", "value"], "t", None),
        (["--chart", "t"], "t", None),
        (["--screen-outliers", "--run-length", "6", "--baseline", "12"], "xmr", 10.0),
        (["--exclude", "2016-03=counted twice", "--count-beyond"], "xmr", 351 / 23),
        (["--target", "12", "--target", "2017-06=14"], "xmr", 15.0),
    ],
)
def test_every_kind_of_chart(tmp_path: Path, options: list[str], kind: str, mean) -> None:
    rows = [[*row, 100] for row in zip(MONTHS, VALUES, strict=True)]
    path = write(tmp_path / "f.csv", rows, "date,value,base")
    out = tmp_path / "out"
    given = options if kind == "t" or "--value" in options else [*options, "--value", "value"]
    assert run(path, "--out", out, *given) == 0

    (summary,) = rows_of(out / "summary.csv")
    assert summary["chart"] == kind
    if mean is not None:
        assert float(summary["mean"]) == pytest.approx(mean)
    assert "<svg" in (out / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--chart", "p"], "needs the base of each count"),
        (["--denominator", "value"], "Only P and U charts have a base"),
        (["--chart", "c", "--screen-outliers"], "--screen-outliers is not of --chart c"),
        (["--overdispersion", "--per", "5"], "--per is not of --chart xmr"),
        (["--reason", "why"], "There are 1 reasons and 0 rebasings"),
        (["--rebase", "2019-01"], "--rebase 2019-01-01: The date is outside the series"),
        (["--rebase", "2016-01"], "--rebase 2016-01-01: The date is outside the series"),
        (["--exclude", "2019-01=x"], "--exclude 2019-01-01: There is no point on this date."),
        (["--run-length", "2"], "run_length is 2"),
        (["--baseline", "1"], "baseline is 1"),
        (["--target", "5", "--target", "6"], "There are 2 targets without a date"),
        (["--value", "valu"], "Did you mean value?"),
        (["--date", "when"], "There is no column 'when' for --date."),
    ],
)
def test_what_cannot_be_done_is_told(
    series: Path, tmp_path: Path, capsys, options: list[str], message: str
) -> None:
    out = tmp_path / "out"
    assert run(series, "--out", out, *options) == 2

    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not out.exists()


@pytest.mark.parametrize(
    "options",
    [["--target", "high"], ["--rebase", "soon"], ["--chart", "pie"], ["--exclude", "thirteen=x"]],
)
def test_a_wrong_option_is_told(series: Path, tmp_path: Path, capsys, options: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(series, "--out", tmp_path / "out", *options)

    assert caught.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_bad_rows_leave_earlier_results_as_they_were(series: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    assert run(series, "--out", out) == 0
    before = (out / "points.csv").read_bytes()
    bad = write(
        tmp_path / "bad.csv",
        [["2016-01", "many"], ["2016-02", "inf"], ["2016-02", 1], ["13/13/2016", 2]],
    )
    assert run(bad, "--out", out) == 2

    error = capsys.readouterr().err
    assert "4 faults" in error
    assert "bad.csv row 2, column value is 'many'" in error
    assert (out / "points.csv").read_bytes() == before


def test_left_out_reasons_are_noted(series: Path, tmp_path: Path, capsys) -> None:
    arguments = ["--rebase", "2017-01", "--exclude", "2016-03", "--better", "high"]
    assert run(series, "--out", tmp_path / "out", *arguments) == 0

    error = capsys.readouterr().err
    assert "A rebasing has no reason." in error
    assert "left out without a reason" in error
    assert "High is taken" not in error


def test_faults_of_counts_name_the_file(tmp_path: Path, capsys) -> None:
    path = write(tmp_path / "f.csv", [["2016-01", 5, 4], ["2016-02", 1, 4]], "date,value,base")
    options = ["--chart", "p", "--denominator", "base"]
    assert run(path, "--out", tmp_path / "out", *options) == 2

    assert "f.csv: Value 1: 5 of 4. A share cannot be over the whole" in capsys.readouterr().err


def test_many_groups_are_told_in_brief(tmp_path: Path, capsys) -> None:
    rows = [[month, f"area {i}", i + n] for i in range(22) for n, month in enumerate(MONTHS[:3])]
    path = write(tmp_path / "f.csv", rows, "date,area,value")
    assert run(path, "--out", tmp_path / "out", "--group", "area") == 0

    assert "... and 2 more: see summary.csv." in capsys.readouterr().out
