"""Which fields exist in every language, and the history of what staff edit.

The history is declared here and not at the models, because it can only follow columns that exist: those of the
languages are added by the registration.
"""

from modeltranslation.translator import TranslationOptions, register

from elbe_elster.participation import models
from elbe_elster.ui.history import keep_history


@register(models.Dialogue)
class DialogueTranslation(TranslationOptions):
    """Texts of a conversation. The place keeps its name."""

    fields = ("host_event", "venue", "text")
    required_languages = ("de",)


@register(models.Survey)
class SurveyTranslation(TranslationOptions):
    """What citizens read of a survey as a whole."""

    fields = ("title", "summary", "purpose", "thanks", "contact_text", "paper_return")
    required_languages = ("de",)


@register(models.Page)
class PageTranslation(TranslationOptions):
    """What citizens read above the questions."""

    fields = ("title", "intro")
    required_languages = ("de",)


@register(models.Question)
class QuestionTranslation(TranslationOptions):
    """What is asked."""

    fields = ("label", "help", "unit")
    required_languages = ("de",)


@register(models.Option)
class OptionTranslation(TranslationOptions):
    """What can be chosen."""

    fields = ("label", "help")
    required_languages = ("de",)


@register(models.Item)
class ItemTranslation(TranslationOptions):
    """The row of a matrix."""

    fields = ("label",)
    required_languages = ("de",)


@register(models.Breakdown)
class BreakdownTranslation(TranslationOptions):
    """By what the results are split."""

    fields = ("label",)
    required_languages = ("de",)


@register(models.BreakdownGroup)
class BreakdownGroupTranslation(TranslationOptions):
    """A group of respondents."""

    fields = ("label",)
    required_languages = ("de",)


@register(models.TextCode)
class TextCodeTranslation(TranslationOptions):
    """A topic of free texts."""

    fields = ("label",)
    required_languages = ("de",)


keep_history(models.Survey, exclude=("loaded", "changed_at", "shown_as_of"))
keep_history(models.Page)
keep_history(models.Question)
keep_history(models.Option)
keep_history(models.Item)
