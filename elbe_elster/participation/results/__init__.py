"""From tallies to tables: exact counts, what may be shown of them, and how it is shown."""
