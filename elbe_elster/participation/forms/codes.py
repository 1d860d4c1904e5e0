"""How many access codes, and what for; and the code somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from elbe_elster.participation.actions.codes import LEAST, MOST
from elbe_elster.participation.codes.letters import LONGEST_TYPED, typed_code
from elbe_elster.participation.models import AccessCode

if TYPE_CHECKING:
    from elbe_elster.participation.models import Survey


class CodeLotForm(forms.Form):
    """A new lot."""

    name = forms.CharField(
        label=_("Wofür"),
        max_length=120,
        help_text=_("Zum Beispiel „Brief an alle Haushalte in Schlieben“. Das sehen nur Sie."),
        error_messages={"required": _("Schreiben Sie, wofür die Codes sind.")},
    )
    count = forms.IntegerField(
        label=_("Wie viele Codes"),
        min_value=LEAST,
        max_value=MOST,
        help_text=_("10 bis 2.000. Aus einem kleineren Los wäre zu sehen, wer geantwortet hat."),
        error_messages={
            "required": _("Schreiben Sie eine Zahl."),
            "invalid": _("Schreiben Sie eine ganze Zahl."),
            "min_value": _("Ein Los hat mindestens %(limit_value)s Codes."),
            "max_value": _("Ein Los hat höchstens %(limit_value)s Codes. Legen Sie mehrere an."),
        },
    )


class CodeForm(forms.Form):
    """The code from the letter."""

    code = forms.CharField(
        label=_("Ihr Zugangscode"),
        max_length=LONGEST_TYPED,
        help_text=_("Acht Zeichen aus Ihrem Brief. Groß oder klein und der Strich sind egal."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-code": ""}
        ),
        error_messages={
            "required": _("Schreiben Sie den Code aus Ihrem Brief."),
            "max_length": _("Ein Zugangscode hat acht Zeichen."),
        },
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey

    def clean_code(self) -> str:
        """A code of this survey that was not used yet."""
        code = typed_code(self.cleaned_data["code"])
        known = AccessCode.objects.filter(code=code, lot__survey=self.survey).values_list("used", flat=True).first()
        if not code or known is None:
            raise ValidationError(
                translated(
                    "Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn Zeichen für Zeichen mit Ihrem Brief."
                )
            )
        if known:
            raise ValidationError(translated("Mit diesem Code wurde schon geantwortet. Jeder Code gilt einmal."))
        return code
