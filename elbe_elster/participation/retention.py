"""How long rows of participation are kept, and why; legal/retention.py explains the rules."""

from elbe_elster.legal.retention import PUBLIC_FACT, Rule

RULES: dict[str, Rule] = {"Dialogue": PUBLIC_FACT}
