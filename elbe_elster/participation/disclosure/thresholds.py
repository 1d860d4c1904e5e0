"""The only place of the three thresholds of disclosure control. Where a text names one, it is changed with it.

Why these: docs/decisions/0018-disclosure.md.
"""

LEAST_BASE = 10  # people in a table or in a group of it; below, nothing is shown, and single responses go to nobody
SMALLEST = 3  # people; the least count that is shown
BRACKETS_BELOW = 30  # people in a group; below, numbers stand in brackets
