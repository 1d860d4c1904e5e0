"""Which fields are kept in German, English and Leichte Sprache; and, only then, the history of all of them."""

from modeltranslation.translator import TranslationOptions, register

from elbe_elster.legal.models import AccessibilityStatement, Finding, LegalText
from elbe_elster.ui.history import keep_history


@register(LegalText)
class LegalTextTranslation(TranslationOptions):
    """Title and body."""

    fields = ("title", "body")
    required_languages = ("de",)


@register(AccessibilityStatement)
class AccessibilityStatementTranslation(TranslationOptions):
    """Everything that is words."""

    fields = ("body", "scope", "law", "standard", "assessment", "contact", "enforcement")
    required_languages = ("de",)


@register(Finding)
class FindingTranslation(TranslationOptions):
    """What, where and what helps instead."""

    fields = ("what", "where", "alternative")
    required_languages = ("de",)


# The history is set up here and not on the classes: only now do they have the columns of every language.
for model in (LegalText, AccessibilityStatement, Finding):
    keep_history(model)
