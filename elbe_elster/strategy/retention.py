"""How long rows of the strategy are kept, and why; legal/retention.py explains the rules."""

from elbe_elster.legal.retention import HISTORY, PUBLIC_FACT, Rule

RULES: dict[str, Rule] = {
    "Strategy": PUBLIC_FACT,
    "StrategyEvent": HISTORY,
    "ProcessStep": PUBLIC_FACT,
    "ProcessStepEvent": HISTORY,
    "ActionField": PUBLIC_FACT,
    "ActionFieldEvent": HISTORY,
}
