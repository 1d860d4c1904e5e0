"""What becomes of a free text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from elbe_elster.participation.models import FreeText, TextCode, TextState
from elbe_elster.participation.texts.redaction import redacted, suggest

if TYPE_CHECKING:
    from elbe_elster.participation.models import Question

LABEL = TextCode._meta.get_field("label").max_length


class ReviewForm(forms.Form):
    """Topics, quote and decision. A quote in which something was found again must be confirmed."""

    topics = forms.ModelMultipleChoiceField(
        TextCode.objects.none(), required=False, label=gettext_lazy("Themen"), widget=forms.CheckboxSelectMultiple
    )
    new_topic = forms.CharField(label=gettext_lazy("Neues Thema"), max_length=LABEL, required=False)
    quote = forms.CharField(
        label=gettext_lazy("Zitat"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "So würde der Text erscheinen. Kürzen und ändern Sie, bis niemand zu erkennen ist. Das Original bleibt hier."
        ),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("Ich habe geprüft, dass das Zitat niemanden erkennen lässt."), required=False
    )
    decision = forms.ChoiceField(
        choices=[(state.value, state.label) for state in TextState if state != TextState.NEW], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, text: FreeText, **kwargs: Any) -> None:
        """Offer the topics of the question; suggest a quote."""
        chosen = [code.pk for code in text.codes.all()]
        kwargs["initial"] = {"topics": chosen, "quote": text.quote or redacted(text.text)}
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = TextCode.objects.filter(question=text.question_id)  # type: ignore[attr-defined]
        if not self.fields["topics"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["topics"]

    def clean(self) -> dict[str, Any]:
        """A quote needs words, and nobody in it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") != TextState.PUBLISHED:
            return cleaned
        quote = (cleaned.get("quote") or "").strip()
        if not quote:
            self.add_error("quote", _("Ein Zitat braucht Text."))
        found = [quote[span.start : span.end] for span in suggest(quote)]
        if found and not cleaned.get("confirmed"):
            message = _("Das könnte jemanden erkennen lassen: %(parts)s. Ändern Sie es, oder bestätigen Sie unten.")
            self.add_error("quote", message % {"parts": ", ".join(f"„{part}“" for part in found)})
        return cleaned


class TopicForm(forms.Form):
    """The name of a topic."""

    label = forms.CharField(
        label=gettext_lazy("Thema"),
        max_length=LABEL,
        error_messages={"required": gettext_lazy("Geben Sie dem Thema einen Namen.")},
    )

    def __init__(self, *args: Any, question: Question, topic: TextCode | None = None, **kwargs: Any) -> None:
        """For a new topic, or for the one given."""
        kwargs["initial"] = {"label": topic.label if topic else ""}
        super().__init__(*args, **kwargs)
        self.question, self.topic = question, topic

    def clean_label(self) -> str:
        """Every name once in a question."""
        label = str(self.cleaned_data["label"]).strip()
        others = TextCode.objects.filter(question=self.question, label_de__iexact=label)  # type: ignore[misc]
        if self.topic is not None:
            others = others.exclude(pk=self.topic.pk)
        if others.exists():
            raise forms.ValidationError(_("Dieses Thema gibt es schon."))
        return label
