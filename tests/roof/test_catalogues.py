"""Every text of the interface is translated into every language, and no translation is left over."""

import pytest

from elbe_elster.ui import catalogues

pytestmark = pytest.mark.parametrize("folder", catalogues.LANGUAGES)


def test_every_text_is_translated(folder: str) -> None:
    assert catalogues.untranslated(folder) == []


def test_no_translation_is_left_over(folder: str) -> None:
    assert catalogues.unused(folder) == []


def test_placeholders_and_tags_survive(folder: str) -> None:
    assert catalogues.broken(folder) == []


def test_nothing_is_fuzzy(folder: str) -> None:
    assert [message.id for message in catalogues.read_catalogue(folder) if message.id and message.fuzzy] == []
