"""One place in which every form field of the portal is rendered.

Plain forms, crispy layouts, allauth's pages, filter forms and formsets all end in templates/django/forms/field.html.
The server's German messages are the one truth: no ``required`` attribute, and forms carry ``novalidate``.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

INPUT_CLASS = "kern-form-input__input"
SELECT_CLASS = "kern-form-input__select"
CHECKBOX_CLASS = "kern-form-check__checkbox"
RADIO_CLASS = "kern-form-check__radio"


def widget_class(widget: forms.Widget) -> str:
    """KERN's class for the element that this widget draws; empty for hidden ones."""
    if widget.is_hidden:
        return ""
    if isinstance(widget, (forms.CheckboxInput, forms.CheckboxSelectMultiple)):
        return CHECKBOX_CLASS
    if isinstance(widget, forms.RadioSelect):
        return RADIO_CLASS
    if isinstance(widget, forms.SelectDateWidget):
        return SELECT_CLASS
    if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
        return SELECT_CLASS
    return INPUT_CLASS


def _merge(*classes: str) -> str:
    """All classes once, in their order: crispy renders into the widget, so a second time must change nothing."""
    return " ".join(dict.fromkeys(" ".join(classes).split()))


class PortalBoundField(BoundField):
    """A field that knows its looks: KERN's classes by widget, its error state, where the error summary leads."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Django's attributes, plus KERN's classes, minus what makes browsers answer before the server can."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:  # nobody hears what a hidden control is called or described by
            return {name: value for name, value in attrs.items() if not name.startswith("aria-")}
        for part in (widget, *getattr(widget, "widgets", ())):
            part.attrs.pop("required", None)
        attrs.pop("required", None)
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = False  # it repeats the label, is pale, and goes when one starts to type
        if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
            attrs.pop("aria-invalid", None)  # the group is invalid, not its first button
        own = widget_class(widget)
        error = f"{own}--error" if own and self.errors else ""
        if classes := _merge(str(widget.attrs.get("class", "")), str(attrs.get("class", "")), own, error):
            attrs["class"] = classes
        return attrs

    @property
    def use_fieldset(self) -> bool:
        """Groups get a legend. An upload is one control, so it keeps a label, unlike in Django."""
        return bool(self.field.widget.use_fieldset) and not isinstance(self.field.widget, forms.FileInput)

    @property
    def kind(self) -> str:
        """What templates/django/forms/field.html draws: hidden, check, group, select or input."""
        widget = self.field.widget
        if self.is_hidden:
            return "hidden"
        if isinstance(widget, forms.CheckboxInput):
            return "check"
        if self.use_fieldset:
            return "group"
        return "select" if widget_class(widget) == SELECT_CLASS else "input"

    @property
    def is_optional(self) -> bool:
        """Whether the label says „(freiwillig)“. A form of filters sets ``mark_optional = False``."""
        wanted = getattr(self.form, "mark_optional", True)
        return bool(wanted and not self.field.required and not self.field.disabled and self.kind != "check")

    @property
    def anchor(self) -> str:
        """Id of the first control, to which the error summary leads."""
        first = self.id_for_label
        if first or not self.auto_id:
            return str(first or "")
        return f"{self.field.widget.attrs.get('id') or self.auto_id}_0"


class PortalFormRenderer(TemplatesSetting):
    """Renders every form in the portal's look."""

    form_template_name = "django/forms/form.html"
    formset_template_name = "django/forms/formset.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = PortalBoundField


class FilterForm(forms.Form):
    """Base of filter forms (``FilterSet.Meta.form``): every field is optional, so none says so."""

    mark_optional = False
