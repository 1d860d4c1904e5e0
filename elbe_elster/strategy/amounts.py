"""Numbers and euros as people write them, in the language of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import number_format

if TYPE_CHECKING:
    from decimal import Decimal


def number(value: Decimal) -> str:
    """A value with as many decimals as it has, at most two: „1.036“, „12,5“."""
    short = value.normalize()
    decimals = max(-int(short.as_tuple().exponent), 0)
    return number_format(value, min(decimals, 2), use_l10n=True, force_grouping=True)


def cents(amount: Decimal) -> str:
    """An amount of money without its unit, cents only where there are any: „12.000“, „12.000,50“."""
    whole = amount == amount.to_integral_value()
    return number_format(amount, 0 if whole else 2, use_l10n=True, force_grouping=True)


def euros(amount: Decimal) -> str:
    """„12.000 €“, held together in one line."""
    return f"{cents(amount)}\u00a0€"
