"""Named, dated lists of comparators: the packaged ones, a user's, and every fault of those."""

from pathlib import Path

import pytest

from wholesystem.errors import ParameterError, TableError
from wholesystem.indicators.areas import every_area
from wholesystem.indicators.comparators import (
    comparators_of,
    packaged_comparators,
    read_comparators,
)

HEAD = "list,dated,area_code,comparator_code,source\n"
OXFORDSHIRE, KENT, ESSEX, CUMBRIA = "E10000025", "E10000016", "E10000012", "E10000006"


def write(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "comparators.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def faults(path: Path, **options) -> list[str]:
    with pytest.raises(TableError) as caught:
        read_comparators(path, **options)
    return [str(fault) for fault in caught.value.faults]


def test_the_packaged_lists_are_named_for_what_they_are() -> None:
    lists = packaged_comparators()

    assert {one.area_code for one in lists} == {OXFORDSHIRE, CUMBRIA}
    assert {one.label for one in lists} == {"Oflog tool, November 2024"}
    for one in lists:
        assert len(one.codes) == len(set(one.codes)) == 15
        assert one.area_code not in one.codes
        assert "communitiesuk/oflog-automated-text" in one.source
        assert "not the list that the Care Quality Commission used" in one.source
        assert "cipfa" not in (one.name + one.source).lower()


def test_the_packaged_lists_hold_the_areas_of_the_tool() -> None:
    # The neighbours of Oxfordshire in NN.json of November 2024, by name.
    names = {
        every_area()[code].name
        for code in comparators_of(packaged_comparators(), OXFORDSHIRE).codes
    }

    assert names == {
        "Cambridgeshire", "Essex", "Gloucestershire", "Hampshire", "Hertfordshire", "Kent",
        "Leicestershire", "Nottinghamshire", "Somerset", "Staffordshire", "Suffolk", "Surrey",
        "Warwickshire", "West Sussex", "Worcestershire",
    }  # fmt: skip


def test_every_packaged_code_is_of_a_council() -> None:
    for one in packaged_comparators():
        for code in (one.area_code, *one.codes):
            assert every_area()[code].kind == "area"


def test_a_users_lists_are_read_in_their_order(tmp_path) -> None:
    path = write(
        tmp_path,
        f"Our list,2017-09-01,{OXFORDSHIRE},{KENT},Board paper 7",
        f"Our list,2017-09-01,{OXFORDSHIRE},{ESSEX},Board paper 7",
        f"Other,2016,{OXFORDSHIRE},{ESSEX},Board paper 3",
    )
    ours, other = read_comparators(path)

    assert (ours.name, ours.codes, ours.source) == ("Our list", (KENT, ESSEX), "Board paper 7")
    assert ours.label == "Our list, 1 September 2017"
    assert other.label == "Other, 2016"


def test_trusts_may_be_compared_with_trusts(tmp_path) -> None:
    path = write(tmp_path, "Teaching trusts,2018,RTH,RTX,Our own")

    assert read_comparators(path)[0].codes == ("RTX",)


def test_all_faults_are_told_together_in_the_order_of_the_rows(tmp_path) -> None:
    path = write(
        tmp_path,
        f"Our list,2017-09,{OXFORDSHIRE},Kentt,Paper",
        f"Our list,2017-09,{OXFORDSHIRE},{OXFORDSHIRE},Paper",
        f"Our list,2017-09,{OXFORDSHIRE},{ESSEX},Paper",
        f"Our list,2017-09,{OXFORDSHIRE},{ESSEX},Paper",
        f"Our list,,{OXFORDSHIRE},{KENT},Paper",
        f"Our list,September 2017,{OXFORDSHIRE},{KENT},Paper",
        f"Our list,2018-09,{OXFORDSHIRE},{KENT},Another paper",
        f"Our list,2017-09,E10000099,{KENT},Paper",
    )
    told = faults(path)

    assert "row 2, column comparator_code is 'Kentt'. No area has this code." in told[0]
    assert f"Did you mean {KENT} (Kent)?" in told[0]
    assert "row 3" in told[1]
    assert "not a comparator of itself" in told[1]
    assert "row 5" in told[2]
    assert "stands already in row 4" in told[2]
    assert "row 6, column dated is blank" in told[3]
    assert "row 7, column dated is 'September 2017'" in told[4]
    assert "Write it like 2024, 2024-11" in told[4]
    assert "row 8, column dated" in told[5]
    assert "another date in row 2" in told[5]
    assert "row 8, column source" in told[6]
    assert "another source in row 2" in told[6]
    assert "row 9, column area_code is 'E10000099'" in told[7]
    assert len(told) == 8


@pytest.mark.parametrize("dated", ["2024-13", "2024-11-31x", "24-11", "11/2024", "2024-00"])
def test_dates_that_are_none_are_refused(tmp_path, dated) -> None:
    told = faults(write(tmp_path, f"Our list,{dated},{OXFORDSHIRE},{KENT},Paper"))

    assert len(told) == 1
    assert "column dated" in told[0]


def test_a_mistyped_code_is_met_with_the_nearest(tmp_path) -> None:
    told = faults(write(tmp_path, f"Our list,2017,{OXFORDSHIRE},E1000016,Paper"))

    assert "Did you mean E1" in told[0]


def test_codes_are_checked_against_the_areas_given(tmp_path) -> None:
    path = write(tmp_path, "Our list,2017,RTH,RTX,Paper")

    told = faults(path, areas={"RTH": "Oxford University Hospitals"})
    assert "column comparator_code is 'RTX'" in told[0]


def test_a_missing_column_is_told(tmp_path) -> None:
    path = write(
        tmp_path, "Our list,E10000025,E10000016,x", head="list,area_code,comparator_code,source\n"
    )

    assert any("The column dated is missing" in fault for fault in faults(path))


def test_an_empty_table_and_no_table_are_refused(tmp_path) -> None:
    assert "no rows" in faults(write(tmp_path))[0]
    assert "no such file" in faults(tmp_path / "gone.csv")[0]


def test_the_list_of_an_area_is_found_by_name_in_any_case() -> None:
    lists = packaged_comparators()

    assert comparators_of(lists, OXFORDSHIRE, "oflog TOOL").area_code == OXFORDSHIRE
    assert comparators_of(lists, OXFORDSHIRE).area_code == OXFORDSHIRE
    assert comparators_of(lists, "E09000007") is None


def test_a_list_that_is_not_there_is_met_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match="Did you mean 'Oflog tool'"):
        comparators_of(packaged_comparators(), OXFORDSHIRE, "Oflog tol")
    with pytest.raises(ParameterError, match="There are: Oflog tool"):
        comparators_of(packaged_comparators(), OXFORDSHIRE, "xyz")
    with pytest.raises(ParameterError, match="has no comparators of E09000007"):
        comparators_of(packaged_comparators(), "E09000007", "Oflog tool")


def test_a_list_follows_an_area_to_its_new_code(tmp_path) -> None:
    # Buckinghamshire was E10000002 until 31 March 2020 and is E06000060 since.
    path = write(tmp_path, f"Our list,2017,E10000002,{KENT},Paper")

    assert comparators_of(read_comparators(path), "E06000060").codes == (KENT,)
