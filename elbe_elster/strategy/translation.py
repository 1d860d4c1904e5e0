"""Which fields exist in every language, and the history of all of them.

The history is declared here and not at the models, because it can only follow columns that exist: those of the
languages are added by the registration.
"""

from modeltranslation.translator import TranslationOptions, register

from elbe_elster.strategy.models import ActionField, ProcessStep, Strategy
from elbe_elster.ui.history import keep_history


@register(Strategy)
class StrategyTranslation(TranslationOptions):
    """Every text of the strategy."""

    fields = ("title", "summary", "subject", "reason", "medium_term", "long_term", "people", "funding")
    required_languages = ("de",)


@register(ProcessStep)
class ProcessStepTranslation(TranslationOptions):
    """Every text of a step."""

    fields = ("title", "summary", "text")
    required_languages = ("de",)


@register(ActionField)
class ActionFieldTranslation(TranslationOptions):
    """Every text of an action field."""

    fields = ("name", "short_name", "summary", "text", "examples", "questions")
    required_languages = ("de",)


for _model in (Strategy, ProcessStep, ActionField):
    keep_history(_model, exclude=("loaded",))
