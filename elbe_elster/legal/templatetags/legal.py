"""Tags of legal."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from elbe_elster.ui.markdown import render_markdown

register = template.Library()


@register.filter
def legal_markdown(text: str | None) -> SafeString:
    """Markdown with every line kept and every ``[[gap]]`` marked as still to be filled in."""
    return render_markdown(text, keep_lines=True, gap=_("noch einzutragen"))
