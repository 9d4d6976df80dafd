"""What is kept has a bound, and what is asked for stays."""

from patientoverblik.overview.recent import Recent


def test_what_is_kept_is_bounded_and_what_was_not_asked_for_longest_leaves_first():
    kept: Recent[str, str] = Recent(2)
    kept["a"], kept["b"] = "A", "B"
    assert kept.get("a") == "A"
    kept["c"] = "C"
    assert (kept.get("a"), kept.get("b"), kept.get("c"), len(kept)) == ("A", None, "C", 2)


def test_room_is_by_weight_and_the_newest_stays_even_where_it_is_too_large():
    kept: Recent[str, bytes] = Recent(10, len)
    kept["small"], kept["other"] = b"1234", b"123456"
    assert (len(kept), kept.weight) == (2, 10)
    kept["small"] = b"12"
    assert kept.weight == 8
    kept["large"] = b"x" * 50
    assert (len(kept), kept.weight, kept.get("large")) == (1, 50, b"x" * 50)
    kept.clear()
    assert (len(kept), kept.weight) == (0, 0)
