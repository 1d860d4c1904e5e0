"""Which fields exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from elbe_elster.participation.models import Dialogue


@register(Dialogue)
class DialogueTranslation(TranslationOptions):
    """Texts of a conversation. The place keeps its name."""

    fields = ("host_event", "venue", "text")
    required_languages = ("de",)
