"""The house rules that a tool can check: layers of the database, public pages, templates, sizes, names."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ROOT / "elbe_elster"
TEMPLATES = ROOT / "templates"

# Who may point at whom: a row may point at rows of the same app, of the accounts, and of apps with a lower number.
LAYERS = {
    "coordination": 9,
    "participation": 8,
    "strategy": 7,
    "legal": 4,
    "accounts": 3,
    "snapshots": 2,
    "region": 2,
    "outbox": 1,
    "search": 1,
    "ui": 0,
}

# Every page that needs no account, by its URL name. Whoever adds one adds it here.
PUBLIC_VIEWS = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:invitation-accept",
    "admin:login",
    "health-alive",
    "health-ready",
    "home",
    "legal:easy-read",
    "legal:imprint",
    "legal:privacy",
    "legal:report-create",
    "legal:report-done",
    "legal:statement-detail",
    "legal:statement-json",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_callback",
    "openid_connect_login",
    "opensearch",
    "participation:kiosk-start",
    "participation:kiosk-thanks",
    "participation:overview",
    "participation:process-detail",
    "participation:results-file",
    "participation:survey-code",
    "participation:survey-contact",
    "participation:survey-contact-thanks",
    "participation:survey-detail",
    "participation:survey-fill",
    "participation:survey-form",
    "participation:survey-form-large",
    "participation:survey-list",
    "participation:survey-results",
    "participation:survey-resume",
    "participation:survey-thanks",
    "participation:talk-list",
    "robots",
    "search",
    "search-suggestions",
    "security-txt",
    "sitemap",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    "strategy:action_field-detail",
    "strategy:action_field-list",
    "strategy:administration-detail",
    "strategy:adoption-matrix",
    "strategy:booklet",
    "strategy:document",
    "strategy:field-feed",
    "strategy:follow",
    "strategy:follow-confirm",
    "strategy:follow-manage",
    "strategy:follow-requested",
    "strategy:follow-stop",
    "strategy:follow-stopped",
    "strategy:image",
    "strategy:image-small",
    "strategy:measure-atom",
    "strategy:measure-csv",
    "strategy:measure-detail",
    "strategy:measure-feed",
    "strategy:measure-json",
    "strategy:measure-list",
    "strategy:measure-pdf",
    "strategy:measure-xlsx",
    "strategy:news",
    "strategy:news-feed",
    "strategy:overview",
    "strategy:profile-detail",
    "strategy:profile-list",
    "strategy:profile-pdf",
    "strategy:roadmap",
    "strategy:roadmap-file",
    "strategy:strategy-detail",
}

FILE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 40, 25
EXCUSED: dict[str, str] = {
    "elbe_elster/settings.py": "one list of settings reads better than several",
    "elbe_elster/supervisor.py": "starting, watching and ending the children is one machine; a second file would be its half",
    "elbe_elster/logs.py:configuration": "one mapping, as the library wants it",
}
FORBIDDEN_MODULES = {"utils", "helpers", "common", "services", "selectors", "signals", "misc", "mixins"}


# Database ---------------------------------------------------------------------


def own_models() -> list[type[Model]]:
    """The portal's models without the history tables, which pghistory derives from them."""
    from pghistory.models import Event

    found = [model for model in apps.get_models() if model.__module__.startswith("elbe_elster.")]
    return [model for model in found if not issubclass(model, Event)]


def test_every_model_stands_in_the_glossary() -> None:
    rows = re.findall(r"^\| `(\w+\.\w+)` \|", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert sorted(set(rows) ^ {model._meta.label for model in own_models()}) == []


def test_keys_between_apps_point_down_and_hide_their_reverse_name() -> None:
    wrong = []
    for model in own_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or target is None or target not in own_models():
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here == there:
                continue
            if there != "accounts" and LAYERS[here] <= LAYERS[there]:
                wrong.append(f"{model._meta.label}.{field.name} points up or sideways at {there}")
            if not field.remote_field.hidden:  # type: ignore[union-attr]
                wrong.append(f'{model._meta.label}.{field.name} needs related_name="+"')
    assert wrong == []


def test_every_app_has_one_last_migration() -> None:
    graph = MigrationLoader(None).graph
    labels = {model._meta.app_label for model in own_models()}
    assert {label: len(graph.leaf_nodes(label)) for label in labels} == dict.fromkeys(labels, 1)


# Pages ------------------------------------------------------------------------


def views(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, bool]]:
    """Name and need of a sign-in of every address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name}" if entry.name else f"{space}{entry.pattern}"
            yield name, getattr(entry.callback, "login_required", True)


def test_public_pages_are_exactly_these() -> None:
    public = {name for name, needs_account in views(get_resolver()) if not needs_account}
    assert sorted(public ^ PUBLIC_VIEWS) == []


# Templates --------------------------------------------------------------------


def own_templates() -> list[Path]:
    """Every template of the portal."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def test_every_template_is_used() -> None:
    sources = [*CODE.rglob("*.py"), *TEMPLATES.rglob("*.*")]
    text = "\n".join(path.read_text() for path in sources)
    overridden = {
        str(path.relative_to(folder))
        for folder in map(Path, engines["django"].template_dirs)
        if folder != TEMPLATES
        for path in folder.rglob("*")
    }
    django_asks_for = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}  # 429: allauth
    waiting = {"components/htmx.html"}  # for the first page that is more comfortable with htmx
    unused = [
        name
        for name in (str(path.relative_to(TEMPLATES)) for path in own_templates())
        if name not in text and name not in overridden | django_asks_for | waiting and not name.startswith("kern/")
    ]
    assert unused == []


def test_template_libraries_are_sorted_and_used() -> None:
    libraries = engines["django"].engine.template_libraries  # type: ignore[attr-defined]
    wrong = []
    for path in own_templates():
        text = path.read_text()
        for loaded in re.findall(r"{% load ([\w ]+) %}", text):
            names = loaded.split()
            if names != sorted(names):
                wrong.append(f"{path.name}: {loaded} is not sorted")
            for name in names:
                library = libraries[name]
                known = "|".join(map(re.escape, [*library.tags, *library.filters]))
                if not re.search(rf"{{% *(?:end)?(?:filter +)?(?:{known})\b|\| *(?:{known})\b", text):
                    wrong.append(f"{path.relative_to(TEMPLATES)}: {name} is not used")
    assert wrong == []


# Code -------------------------------------------------------------------------


def modules() -> list[Path]:
    """Every file of Python code that people write."""
    folders = [CODE, ROOT / "tests", ROOT / "bench"]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def too_long() -> Iterator[str]:
    """Files and functions beyond the limits, without the excused ones."""
    for path in modules():
        text, place = path.read_text(), str(path.relative_to(ROOT))
        if text.count("\n") > FILE_LINES:
            yield place
        limit = VIEW_LINES if path.name == "views.py" or "views" in path.parts else FUNCTION_LINES
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > limit:
                    yield f"{place}:{node.name} ({lines} lines)"


def test_files_and_functions_are_short() -> None:
    assert [text for text in too_long() if text.split(" ")[0] not in EXCUSED] == []


def test_modules_are_named_after_what_they_hold() -> None:
    assert [path for path in modules() if FORBIDDEN_MODULES & {path.stem, path.parent.name}] == []


@pytest.mark.parametrize(
    ("pattern", "allowed", "reason"),
    [
        (r"\.(delay|apply_async)\(", ("outbox/actions.py",), "tasks are sent on commit: delay_on_commit"),
        (r"\b(eta|countdown)=", (), "what is due is a question to the database"),
        (r"\bmark_safe\b|\bSafeString\(|\|safe\b|autoescape off", ("elbe_elster/ui/", "templates/kern/"), "ui only"),
        (r"@receiver\b|(?:post|pre)_(?:save|delete)\b", (), "no signals"),
        (r"GenericForeignKey|GenericRelation", (), "no generic keys"),
        (r"^    def save\(self", ("elbe_elster/ui/", "forms.py"), "no logic in save()"),
    ],
)
def test_forbidden_words(pattern: str, allowed: tuple[str, ...], reason: str) -> None:
    paths = {str(path.relative_to(ROOT)): path for path in [*CODE.rglob("*.py"), *own_templates()]}
    found = [
        f"{place}: {reason}"
        for place, path in paths.items()
        if not any(part in place for part in allowed) and re.search(pattern, path.read_text(), re.MULTILINE)
    ]
    assert found == []
