"""Somebody who wants to find out hidden counts, and is given everything that is published, the rules, and more.

Exact: integers, every equation between the tables of a question, bounds by propagation and search. The sizes of hidden
groups count as known (another question may tell them).
"""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_TRIES = 4_000


class GivenUpError(Exception):
    """The search took too long; no proof either way."""


@dataclass
class Knowledge:
    """Unknowns by name with bounds, equations ``sum == number`` and inequalities ``sum >= number``."""

    bounds: dict[object, tuple[int, int]] = field(default_factory=dict)
    truth: dict[object, int] = field(default_factory=dict)
    equations: list[tuple[dict[object, int], int]] = field(default_factory=list)
    floors: list[tuple[list[object], int]] = field(default_factory=list)

    def unknown(self, name: object, low: int, high: int, truth: int) -> None:
        """Something to find out."""
        self.bounds[name] = (low, high)
        self.truth[name] = truth

    def can_be(self, name: object, value: int) -> bool:
        """Whether the unknown can have this value, for all that is known."""
        low, high = self.bounds[name]
        if not low <= value <= high:
            return False
        self.tries = MOST_TRIES
        return self._search({**self.bounds, name: (value, value)})

    def _search(self, bounds: dict[object, tuple[int, int]]) -> bool:
        self.tries -= 1
        if self.tries < 0:
            raise GivenUpError
        if not self._propagate(bounds):
            return False
        loose = [
            (abs(self.truth[name] - low) + high - low, str(name), name)
            for name, (low, high) in bounds.items()
            if low < high
        ]
        if not loose:
            return True
        name = min(loose)[2]
        low, high = bounds[name]
        values = sorted(range(low, high + 1), key=lambda value: abs(value - self.truth[name]))
        return any(self._search({**bounds, name: (value, value)}) for value in values)

    def _propagate(self, bounds: dict[object, tuple[int, int]]) -> bool:
        """Narrow the bounds until nothing moves. False if something does not fit."""
        before = None
        while before != bounds:
            before = dict(bounds)
            if not all(_narrow(bounds, signs, number) for signs, number in self.equations):
                return False
            if not all(_raise(bounds, names, number) for names, number in self.floors):
                return False
        return True


def _narrow(bounds: dict[object, tuple[int, int]], signs: dict[object, int], number: int) -> bool:
    spans = {name: bounds[name] if sign > 0 else (-bounds[name][1], -bounds[name][0]) for name, sign in signs.items()}
    low, high = sum(span[0] for span in spans.values()), sum(span[1] for span in spans.values())
    for name, (least, most) in spans.items():
        new = max(least, number - (high - most)), min(most, number - (low - least))
        if new[0] > new[1]:
            return False
        low, high = low + new[0] - least, high + new[1] - most
        bounds[name] = new if signs[name] > 0 else (-new[1], -new[0])
    return True


def _raise(bounds: dict[object, tuple[int, int]], names: list[object], number: int) -> bool:
    high = sum(bounds[name][1] for name in names)
    for name in names:
        least, most = bounds[name]
        bounds[name] = max(least, number - (high - most)), most
    return high >= number
