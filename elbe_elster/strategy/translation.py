"""Which fields exist in every language, and the history of all of them.

The history is declared here and not at the models, because it can only follow columns that exist: those of the
languages are added by the registration.
"""

from modeltranslation.translator import TranslationOptions, register

from elbe_elster.strategy import models
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


@register(models.Goal)
class GoalTranslation(TranslationOptions):
    """Every text of a goal."""

    fields = ("title", "text")
    required_languages = ("de",)


@register(models.Measure)
class MeasureTranslation(TranslationOptions):
    """What citizens read of a measure."""

    fields = ("title", "summary", "description", "need", "benefit", "target_groups", "origin_note")
    required_languages = ("de",)


@register(models.ProjectProfile)
class ProjectProfileTranslation(TranslationOptions):
    """What citizens read of a profile."""

    fields = ("title", "summary", "situation", "aims", "plan")
    required_languages = ("de",)


@register(models.Milestone)
class MilestoneTranslation(TranslationOptions):
    """The step and what is reached then."""

    fields = ("title", "text")
    required_languages = ("de",)


@register(models.Indicator)
class IndicatorTranslation(TranslationOptions):
    """What is counted, and in what."""

    fields = ("name", "unit")
    required_languages = ("de",)


@register(models.ChronicleEntry)
class ChronicleEntryTranslation(TranslationOptions):
    """What happened."""

    fields = ("text", "url_label")
    required_languages = ("de",)


@register(models.Image)
class ImageTranslation(TranslationOptions):
    """What the picture shows."""

    fields = ("alt", "caption")
    required_languages = ("de",)


KEPT = (
    *(Strategy, ProcessStep, ActionField, models.Goal, models.Body, models.Measure, models.MeasurePartner),
    *(models.ProjectProfile, models.Milestone, models.Indicator, models.Reading, models.Resolution, models.Deviation),
    *(models.ChronicleEntry, models.CostRow, models.FundingRow, models.Adoption, models.Document, models.Image),
    *(models.Curation,),
)
for _model in KEPT:
    _fields = {field.name for field in _model._meta.get_fields()}
    keep_history(
        _model,
        exclude=tuple(name for name in ("loaded", "translated_from", "number_order", "sort_key") if name in _fields),
    )
