"""Which fields exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from elbe_elster.region.models import PopulationSeries


@register(PopulationSeries)
class PopulationSeriesTranslation(TranslationOptions):
    """Name and explanation of a count."""

    fields = ("name", "explanation")
    required_languages = ("de",)
