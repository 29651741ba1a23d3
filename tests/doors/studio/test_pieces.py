"""Files that come from the browser in pieces."""

from linghang.doors.studio.pieces import MOST_CHARACTERS, Pieces


def test_pieces_are_one_file_in_whatever_order_they_come() -> None:
    pieces = Pieces()
    told = {"name": "a.csv", "size": 9, "of": 3, "token": "x", "mode": "append"}
    assert pieces.whole({**told, "piece": 2, "value": "ghi"}) is None
    assert pieces.whole({**told, "piece": 0, "value": "abc"}) is None
    assert pieces.whole({**told, "piece": 1, "value": "def"}) == {
        "name": "a.csv", "size": 9, "mode": "append", "value": "abcdefghi",
    }  # fmt: skip
    assert pieces.whole({"name": "b.csv", "value": "abc"}) == {"name": "b.csv", "value": "abc"}


def test_a_second_file_takes_the_place_of_one_that_never_ended() -> None:
    pieces = Pieces()
    assert pieces.whole({"of": 2, "token": "x", "piece": 0, "value": "old"}) is None
    assert pieces.whole({"of": 2, "token": "y", "piece": 0, "value": "ne"}) is None
    assert pieces.whole({"of": 2, "token": "y", "piece": 1, "value": "w"}) == {"value": "new"}


def test_a_file_without_end_is_told_by_its_size() -> None:
    pieces = Pieces()
    large = "x" * (MOST_CHARACTERS // 2)
    assert pieces.whole({"of": 9, "token": "x", "piece": 0, "value": large}) is None
    assert pieces.whole({"of": 9, "token": "x", "piece": 1, "value": large}) is None
    told = pieces.whole({"of": 9, "token": "x", "piece": 2, "value": "x"})
    assert told is not None
    assert (told["size"], told["value"]) == (2 * len(large) + 1, "")
