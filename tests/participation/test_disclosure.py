"""No count that is not shown can be found out from those that are."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elbe_elster.participation.disclosure.protect import Exact, Mask, Split, Why, protect
from elbe_elster.participation.disclosure.thresholds import SMALLEST
from tests.participation.attacker import Knowledge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Published = list[list[int | None]]


def shown(counts: Sequence[Sequence[int]], mask: Sequence[Sequence[Why]]) -> Published:
    return [
        [None if why else count for count, why in zip(*pair, strict=True)] for pair in zip(counts, mask, strict=True)
    ]


# Examples ---------------------------------------------------------------------


def test_everything_is_shown_where_nothing_is_small() -> None:
    exact = Exact((30, 20), 50, splits={"age": Split(((10, 10), (20, 10)), (20, 30))})
    assert protect(exact) == Mask((Why.SHOWN,) * 2, {"age": ((Why.SHOWN,) * 2,) * 2})


def test_one_small_cell_takes_three_others_with_it() -> None:
    cells = ((1, 20, 30), (15, 18, 25), (12, 25, 40))
    exact = Exact((28, 63, 95), 186, splits={"age": Split(cells, (51, 58, 77))})
    assert shown(cells, protect(exact).splits["age"]) == [[None, None, 30], [None, None, 25], [12, 25, 40]]


def test_a_small_group_takes_the_next_larger_with_it() -> None:
    cells = ((4, 4), (20, 15), (30, 31))
    mask = protect(Exact((54, 50), 104, splits={"place": Split(cells, (8, 35, 61))}))
    assert shown(cells, mask.splits["place"]) == [[None, None], [None, None], [30, 31]]
    assert [mask.group_is_hidden("place", group) for group in range(3)] == [True, True, False]


def test_among_everybody_zero_is_shown_and_one_is_not() -> None:
    assert shown([(0, 6, 40)], [protect(Exact((0, 6, 40), 46)).total]) == [[0, 6, 40]]
    assert shown([(0, 1, 5, 40)], [protect(Exact((0, 1, 5, 40), 46)).total]) == [[None, None, None, 40]]


def test_what_everybody_but_two_chose_is_not_shown() -> None:
    assert shown([(98, 40)], [protect(Exact((98, 40), 100, several=True)).total]) == [[None, None]]


def test_nine_people_are_no_table() -> None:
    assert protect(Exact((4, 5), 9)).total == (Why.SMALL_GROUP,) * 2


def test_an_empty_group_looks_like_a_small_one() -> None:
    cells = ((0, 0), (4, 4), (40, 30), (30, 40))
    mask = protect(Exact((74, 74), 148, splits={"place": Split(cells, (0, 8, 70, 70))}))
    assert mask.splits["place"][0] == mask.splits["place"][1] == (Why.SMALL_GROUP,) * 2


# The attacker -----------------------------------------------------------------


def attack_single(exact: Exact, mask: Mask) -> Knowledge:
    """Options add up to those who answered, groups to everybody."""
    known = Knowledge()
    rows = range(len(exact.total))
    for row in rows:
        open_row = bool(mask.total[row])
        low, high = (0, exact.answered) if open_row else (exact.total[row],) * 2
        known.unknown(("total", row), low, high, exact.total[row])
    known.equations.append(({("total", row): 1 for row in rows}, exact.answered))
    for name, split in exact.splits.items():
        for group, row in product(range(len(split.cells)), rows):
            truth = split.cells[group][row]
            low, high = (0, split.answered[group]) if mask.splits[name][group][row] else (truth, truth)
            known.unknown((name, group, row), low, high, truth)
        for group in range(len(split.cells)):
            known.equations.append(({(name, group, row): 1 for row in rows}, split.answered[group]))
        for row in rows:
            cells: dict[object, int] = {(name, group, row): 1 for group in range(len(split.cells))}
            known.equations.append(({**cells, ("total", row): -1}, 0))
    return known


def attack_several(exact: Exact, mask: Mask) -> Knowledge:
    """Each option on its own, and everybody who answered chose at least one."""
    known = Knowledge()
    rows = range(len(exact.total))
    for row in rows:
        low, high = (0, exact.answered) if mask.total[row] else (exact.total[row],) * 2
        known.unknown(("total", row), low, high, exact.total[row])
    known.floors.append(([("total", row) for row in rows], exact.answered))
    for name, split in exact.splits.items():
        for group, row in product(range(len(split.cells)), rows):
            truth = split.cells[group][row]
            low, high = (0, split.answered[group]) if mask.splits[name][group][row] else (truth, truth)
            known.unknown((name, group, row), low, high, truth)
        for group in range(len(split.cells)):
            known.floors.append(([(name, group, row) for row in rows], split.answered[group]))
        for row in rows:
            cells: dict[object, int] = {(name, group, row): 1 for group in range(len(split.cells))}
            known.equations.append(({**cells, ("total", row): -1}, 0))
    return known


def assert_nothing_is_found_out(exact: Exact, mask: Mask, known: Knowledge) -> None:
    if exact.answered < 10:  # nothing is published
        assert not any(why is Why.SHOWN for why in mask.total)
        return
    for row, why in enumerate(mask.total):
        if why:
            assert_open(known, ("total", row), exact.total[row], 0, min(SMALLEST, exact.answered))
    for name, split in exact.splits.items():
        for group, row in product(range(len(split.cells)), range(len(exact.total))):
            if not mask.splits[name][group][row] or mask.splits[name][group][row] is Why.UNSAFE:
                continue
            answered, count = split.answered[group], split.cells[group][row]
            most = answered if mask.total[row] else min(answered, exact.total[row])
            if not most:
                continue
            assert_open(known, (name, group, row), count, 0, min(SMALLEST, most))
            rest = answered - count
            if exact.several and rest < SMALLEST and exact.total[row] < exact.answered:
                others = exact.answered - exact.total[row]
                least = min(SMALLEST, answered if mask.total[row] else min(answered, others))
                assert known.can_be((name, group, row), answered), "everybody"
                assert known.can_be((name, group, row), answered - least), "not everybody"


def assert_open(known: Knowledge, name: object, truth: int, low: int, high: int) -> None:
    """Small ones may be anything from ``low`` to ``high``, larger ones have three possible values."""
    if truth < SMALLEST:
        assert known.can_be(name, low), (name, "is not so small")
        assert known.can_be(name, high), (name, "must be small")
    else:
        near = (truth - 2, truth - 1, truth + 1, truth + 2)
        assert sum(known.can_be(name, value) for value in near) >= 2, (name, "is known")


def _in_first(group: int) -> Callable[[int, int], bool]:
    return lambda one, _two: one == group


def _in_second(group: int) -> Callable[[int, int], bool]:
    return lambda _one, two: two == group


def counted(*, several: bool, people: Sequence[int], sizes: tuple[int, int, int]) -> Exact:
    """Exact tables of people: how many of each kind of answer live in each of both splits' groups."""
    options, first, second = sizes
    kinds = [tuple(row == kind for row in range(options)) for kind in range(options)]
    if several:
        kinds = [kind for kind in product((True, False), repeat=options) if any(kind)]
    cells = list(product(kinds, range(first), range(second)))
    counted = dict(zip(cells, people, strict=False))

    def count(keep: Callable[[int, int], bool]) -> tuple[tuple[int, ...], int]:
        found = [(kind, number) for (kind, one, two), number in counted.items() if keep(one, two)]
        return (
            tuple(sum(number for kind, number in found if kind[row]) for row in range(options)),
            sum(number for _kind, number in found),
        )

    total, answered = count(lambda _one, _two: True)
    one = [count(_in_first(group)) for group in range(first)]
    two = [count(_in_second(group)) for group in range(second)]
    splits = {
        name: Split(tuple(cells for cells, _ in found), tuple(size for _, size in found))
        for name, found in (("one", one), ("two", two))
    }
    return Exact(total, answered, several, splits)


COUNT = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 12), st.integers(5, 40))
SIZES = st.tuples(st.integers(2, 4), st.integers(1, 4), st.integers(1, 3))
SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(st.lists(COUNT, min_size=48, max_size=48), SIZES)
def test_nobody_finds_out_who_chose_one(people: list[int], sizes: tuple[int, int, int]) -> None:
    exact = counted(several=False, people=people, sizes=sizes)
    mask = protect(exact)
    assert_nothing_is_found_out(exact, mask, attack_single(exact, mask))


@SETTINGS
@given(st.lists(COUNT, min_size=84, max_size=84), st.tuples(st.integers(2, 3), st.integers(1, 4), st.integers(1, 3)))
def test_nobody_finds_out_who_chose_several(people: list[int], sizes: tuple[int, int, int]) -> None:
    exact = counted(several=True, people=people, sizes=sizes)
    mask = protect(exact)
    assert_nothing_is_found_out(exact, mask, attack_several(exact, mask))
