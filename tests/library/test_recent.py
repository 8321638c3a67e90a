"""What is kept stays within its bound, the longest unused given up first."""

from __future__ import annotations

from huanzhi.library.recent import Recent


def test_the_longest_unused_goes_first() -> None:
    recent: Recent[str] = Recent(2)
    recent.put("a", "1")
    recent.put("b", "2")
    assert recent.get("a") == "1"
    recent.put("c", "3")
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == ("1", None, "3")


def test_sizes_are_summed() -> None:
    recent: Recent[bytes] = Recent(100, len)
    for number in range(50):
        recent.put(number, b"x" * 30)
    assert recent.held == 90
    recent.put("too large", b"x" * 101)
    assert recent.held == 0


def test_a_thing_is_made_once() -> None:
    recent, made = Recent[int](5), []
    for _ in range(3):
        assert recent.made("a", lambda: made.append(1) or 7) == 7  # type: ignore[func-returns-value]
    assert made == [1]
