"""How far the strategy is, counted. Only what the public sees is counted, and by the rules the catalogue goes by."""

from __future__ import annotations

from .money import money_by_measure, sum_granted, sum_planned

__all__ = ["money_by_measure", "sum_granted", "sum_planned"]
