"""One place in which every form field of the portal is rendered."""

from django.forms.renderers import TemplatesSetting


class PortalFormRenderer(TemplatesSetting):
    """Renders every form in the portal's look."""
