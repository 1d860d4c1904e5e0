"""Every way to a field ends in the same template."""

from __future__ import annotations

from typing import Any

import django_filters
import html5lib
import pytest
from allauth.account.forms import LoginForm, ResetPasswordForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.template import engines
from django.test import RequestFactory

from elbe_elster.accounts.models import User

FRUIT = [("a", "Apfel"), ("b", "Birne <süß>")]


class StoredFile:
    url = "/media/plan.pdf"

    def __str__(self) -> str:
        return "plan.pdf"


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="Wie im Ausweis & kurz.", max_length=20)
    email = forms.EmailField(label="E-Mail", required=False)
    secret = forms.CharField(label="Passwort", widget=forms.PasswordInput)
    number = forms.IntegerField(label="Anzahl", min_value=1)
    day = forms.DateField(label="Tag", widget=forms.DateInput(attrs={"class": "own"}))
    moment = forms.SplitDateTimeField(label="Beginn", widget=forms.SplitDateTimeWidget)
    birth = forms.DateField(label="Seit", widget=forms.SelectDateWidget(years=[2024, 2025]), required=False)
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    one = forms.ChoiceField(label="Obst", choices=FRUIT, widget=forms.RadioSelect, help_text="Eins davon.")
    many = forms.MultipleChoiceField(label="Viel Obst", choices=FRUIT, widget=forms.CheckboxSelectMultiple)
    pick = forms.ChoiceField(label="Auswahl", choices=FRUIT)
    picks = forms.MultipleChoiceField(label="Mehrere", choices=FRUIT, required=False)
    agree = forms.BooleanField(label="Ich habe gelesen")
    paper = forms.FileField(label="Datei", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput)


BAD = {"email": "keine", "number": "0", "day": "gestern", "one": "x", "pick": "b", "text": "bleibt <b>"}
FIELDS = [name for name in SampleForm.base_fields if name != "hidden"]


def laid_out() -> FormHelper:
    helper = FormHelper()
    helper.layout = Layout(
        Fieldset("Wer", Row(Column("name"), Column("email")), "secret"),
        Div(*[Field(name) for name in FIELDS[3:]], css_class="rest"),
        "hidden",
        Submit("save", "Speichern"),
    )
    return helper


def render(source: str, **context: Any) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string(source).render(context, request)


def fields_of(html: str) -> list[str]:
    """The markup of every field, in order, independent of white space."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    found = [node for node in tree.iter() if "field" in str(node.get("class", "")).split()]
    texts = [html5lib.serialize(node, quote_attr_values="always", strip_whitespace=True) for node in found]
    return [text.replace(">\n", ">") for text in texts]  # the parser keeps a text area's first line break in tables


def crispy(form: forms.BaseForm, helper: FormHelper) -> str:
    return render("{% load crispy_forms_tags %}{% crispy form helper %}", form=form, helper=helper)


@pytest.mark.parametrize("data", [None, BAD], ids=["empty", "with errors"])
def test_every_path_draws_the_same_fields(data: dict[str, str] | None) -> None:
    plain = fields_of(render("{{ form }}", form=SampleForm(data)))
    assert len(plain) == len(FIELDS)
    assert fields_of(crispy(SampleForm(data), laid_out())) == plain
    assert fields_of(crispy(SampleForm(data), FormHelper())) == plain
    assert fields_of(render("{% load crispy_forms_tags %}{{ form|crispy }}", form=SampleForm(data))) == plain

    class SampleFilter(django_filters.FilterSet):
        class Meta:
            model = User
            fields: list[str] = []
            form = SampleForm

    filtered = SampleFilter(data, queryset=User.objects.none())
    assert fields_of(render("{{ filter.form }}", filter=filtered)) == plain


@pytest.mark.parametrize("data", [None, BAD], ids=["empty", "with errors"])
def test_formsets_draw_the_same_fields(data: dict[str, str] | None) -> None:
    sent = data and {f"form-0-{name}": value for name, value in data.items()}
    plain = fields_of(render("{{ form }}", form=SampleForm(sent, prefix="form-0")))
    managed = sent and {**sent, "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    samples = formset_factory(SampleForm, extra=1, min_num=0)

    def drawn() -> forms.BaseFormSet[SampleForm]:
        formset = samples(managed)
        for form in formset:
            form.empty_permitted = False
        return formset

    assert fields_of(render("{{ formset }}", formset=drawn())) == plain
    assert fields_of(render("{% load crispy_forms_tags %}{{ formset|crispy }}", formset=drawn())) == plain
    table = FormHelper()
    table.template = "kern/table_inline_formset.html"
    for helper in (FormHelper(), laid_out(), table):
        html = render("{% load crispy_forms_tags %}{% crispy formset helper %}", formset=drawn(), helper=helper)
        assert fields_of(html) == plain
        assert html.count('name="form-TOTAL_FORMS"') == 1
        assert html.count("csrfmiddlewaretoken") == 1


@pytest.mark.parametrize("form_class", [LoginForm, ResetPasswordForm])
@pytest.mark.django_db
def test_allauth_draws_the_same_fields(form_class: type[forms.Form]) -> None:
    plain = fields_of(render("{{ form }}", form=form_class({"email": "keine"})))
    source = '{% include "allauth/elements/fields.html" %}'
    assert fields_of(render(source, attrs={"form": form_class({"email": "keine"})})) == plain
    assert fields_of(crispy(form_class({"email": "keine"}), FormHelper())) == plain


def test_a_second_time_changes_nothing() -> None:
    form, helper = SampleForm(BAD), laid_out()
    helper.disable_csrf = True
    first = crispy(form, helper)
    form.rendered_fields = set()  # type: ignore[attr-defined]
    assert crispy(form, helper) == first
    assert 'class="own kern-form-input__input kern-form-input__input--error"' in first


def test_what_a_field_says_is_tied_to_it() -> None:
    (name,) = [html for html in fields_of(render("{{ form }}", form=SampleForm({"name": ""}))) if "id_name" in html]
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'id="id_name_helptext"' in name
    assert 'id="id_name_error"' in name
    assert 'aria-invalid="true"' in name
    assert "required=" not in name
    assert "Wie im Ausweis &amp; kurz." in name


def test_every_control_has_a_label() -> None:
    tree = html5lib.parseFragment(
        render("{{ form }}", form=SampleForm(BAD)), treebuilder="etree", namespaceHTMLElements=False
    )
    ids = {
        node.get("id")
        for node in tree.iter()
        if node.tag in {"input", "select", "textarea"} and node.get("type") != "hidden"
    }
    labelled = {node.get("for") for node in tree.iter("label")}
    assert ids == labelled


def test_optional_fields_say_so_and_filters_do_not() -> None:
    html = render("{{ form }}", form=SampleForm())
    optional = [field for field in fields_of(html) if "(freiwillig)" in field]
    assert len(optional) == len([name for name in FIELDS if not SampleForm.base_fields[name].required])

    class Quiet(SampleForm):
        mark_optional = False

    assert "(freiwillig)" not in render("{{ form }}", form=Quiet())


def test_the_summary_leads_to_every_field_and_keeps_what_was_typed() -> None:
    html = render("{{ form }}", form=SampleForm(BAD))
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    (summary,) = [node for node in tree.iter("div") if node.get("class") == "summary"]
    assert (summary.get("role"), summary.get("tabindex"), "autofocus" in summary.attrib) == ("alert", "-1", True)
    targets = [str(node.get("href")).removeprefix("#") for node in summary.iter("a")]
    assert targets == [
        *("id_name", "id_email", "id_secret", "id_number", "id_day", "id_moment_0", "id_one_0", "id_many_0", "id_agree")
    ]
    ids = {node.get("id") for node in tree.iter() if node.tag in {"input", "select", "textarea"}}
    assert set(targets) <= ids
    assert "bleibt &lt;b&gt;" in html
    assert 'value="gestern"' in html
    assert "Birne &lt;süß&gt;" in html


def test_messages_of_several_lines_are_escaped() -> None:
    class Angry(forms.Form):
        name = forms.CharField(required=False)

        def clean_name(self) -> str:
            raise ValidationError("Erste <Zeile>\nzweite Zeile")

        def clean(self) -> None:
            raise ValidationError("Beides & zusammen")

    html = render("{{ form }}", form=Angry({"name": "x"}))
    assert html.count("Erste &lt;Zeile&gt;<br>zweite Zeile") == 2
    assert html.count("Beides &amp; zusammen") == 1
    assert "2 Angaben passen noch nicht" in html


def test_a_formset_names_the_entry_of_each_error() -> None:
    class Small(forms.Form):
        name = forms.CharField(label="Name")

    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "da", "form-1-name": ""}
    formset = formset_factory(Small)(data)
    for form in formset:
        form.empty_permitted = False
    html = render("{{ formset }}", formset=formset)
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    links = [(link.get("href"), " ".join("".join(link.itertext()).split())) for link in tree.iter("a")]
    assert links == [("#id_form-1-name", "Eintrag 2, Name: Füllen Sie dieses Feld aus.")]
    assert html.count('role="alert"') == 1


def test_a_missing_management_form_is_said_not_raised() -> None:
    formset = formset_factory(SampleForm)({})
    assert not formset.is_valid()
    assert "Eine Angabe passt noch nicht" in render("{{ formset }}", formset=formset)


def test_an_upload_shows_what_is_there() -> None:
    class Upload(forms.Form):
        paper = forms.FileField(label="Datei", required=False)

    html = render("{{ form }}", form=Upload(initial={"paper": StoredFile()}))
    assert '<a href="/media/plan.pdf">plan.pdf</a>' in html
    assert '<label class="kern-label" for="paper-clear_id">Diese Datei entfernen</label>' in html


def test_what_is_hidden_has_no_words_for_assistive_technology() -> None:
    class Copied(forms.Form):
        note = forms.CharField(help_text="Öffentlich.", show_hidden_initial=True)
        hidden = forms.CharField(widget=forms.HiddenInput, help_text="Intern.")

    html = render("{{ form }}", form=Copied({"note": "", "hidden": ""}))
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    inputs = {str(node.get("name")): node.attrib for node in tree.iter("input")}
    spoken = {name: sorted(str(key) for key in found if str(key).startswith("aria-")) for name, found in inputs.items()}
    assert spoken == {"note": ["aria-describedby", "aria-invalid"], "initial-note": [], "hidden": []}
