"""What is asked before a period report is frozen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elbe_elster.strategy.models import PeriodReport


class ReportForm(forms.ModelForm[PeriodReport]):
    """Title, foreword, and the report to compare with: the last one, unless another is chosen."""

    class Meta:
        model = PeriodReport
        fields = ["title", "previous", "foreword"]
        widgets = {"foreword": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"foreword": _("Steht vorn im Bericht. Zum Beispiel, was im Zeitraum besonders war.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reports = PeriodReport.objects.all()
        previous = self.fields["previous"]
        assert isinstance(previous, forms.ModelChoiceField)  # noqa: S101
        previous.queryset = reports
        previous.empty_label = _("keinem")
        previous.initial = reports.first()
        self.fields["title"].initial = _("Bericht zum Stand der Digitalstrategie, %(year)s") % {
            "year": timezone.localdate().year
        }
