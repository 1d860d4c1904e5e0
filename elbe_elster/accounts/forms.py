"""What people type in about accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import AddEmailForm, LoginForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from elbe_elster.region.models import Administration

from .models import Invitation, Role, SeatPart, User
from .permissions import grantable_roles

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_LENGTH = 120


class InvitationForm(forms.Form):
    """Whom to invite, as what, for which administration."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        help_text=_("An diese Adresse geht die Einladung. Sie ist später der Anmeldename."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    roles = forms.MultipleChoiceField(label=_("Rollen"), widget=forms.CheckboxSelectMultiple)
    administration = forms.ModelChoiceField(
        label=_("Verwaltung im Koordinierungskreis"),
        queryset=Administration.objects.all(),
        required=False,
        empty_label=_("keine"),
        help_text=_("Nötig für alle, die eine Verwaltung vertreten."),
    )
    part = forms.ChoiceField(label=_("Vertritt sie als"), choices=SeatPart, initial=SeatPart.REPRESENTATIVE)

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: User) -> None:
        super().__init__(data)
        allowed = grantable_roles(by)
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101 - tells the type checker
        roles.choices = [(role.value, role.label) for role in allowed]
        if len(allowed) == 1:
            roles.initial = [allowed[0].value]

    def clean(self) -> None:
        """Whoever represents an administration needs one."""
        super().clean()
        roles = self.cleaned_data.get("roles", [])
        administration = self.cleaned_data.get("administration")
        if Role.REPRESENTATIVE in roles and not administration and "administration" not in self.errors:
            self.add_error("administration", _("Wählen Sie die Verwaltung, die diese Person vertritt."))
        if roles and Role.REPRESENTATIVE not in roles and administration:
            self.add_error("roles", _("Zu einer Verwaltung gehört die Rolle „Vertretung einer Verwaltung“."))


class AcceptForm(forms.Form):
    """Name and password of somebody who was invited."""

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=NAME_LENGTH,
        help_text=_("So sehen Sie die anderen im Portal."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Passwort"),
        strip=False,
        help_text=_("Mindestens 12 Zeichen. Am besten mehrere Wörter, die nicht zusammengehören."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Passwort noch einmal"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, invitation: Invitation) -> None:
        super().__init__(data, initial={"name": invitation.name})
        self.invitation = invitation

    def clean_password(self) -> str:
        """As good as the portal asks for."""
        password: str = self.cleaned_data["password"]
        person = User(email=self.invitation.email, name=self.data.get("name", ""))
        password_validation.validate_password(password, person)
        return password

    def clean_again(self) -> str:
        """The same twice."""
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(_("Die beiden Passwörter sind nicht gleich. Geben Sie es noch einmal ein."))
        return again


class NameForm(forms.Form):
    """One's own name."""

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=NAME_LENGTH,
        help_text=_("So sehen Sie die anderen im Portal."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's, without the link between label and field: the page has it below."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewAddressForm(AddEmailForm):  # type: ignore[misc]
    """allauth's, with a label that says which address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Neue E-Mail-Adresse")
