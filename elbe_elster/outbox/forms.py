"""What the list of letters can be narrowed down to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import LetterQuerySet, LetterState


class LetterFilterForm(forms.Form):
    """State, kind and words; every field may stay empty."""

    q = forms.CharField(label=_("Wort suchen"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("Stand"), required=False, choices=[("", ""), *LetterState.choices])
    kind = forms.CharField(label=_("Art"), required=False, max_length=60)

    def narrow(self, letters: LetterQuerySet) -> LetterQuerySet:
        """The letters that match what was filled in validly."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("state"):
            letters = letters.filter(state=wanted["state"])
        if wanted.get("kind"):
            letters = letters.filter(kind=wanted["kind"])
        return letters.matching(wanted.get("q", ""))
