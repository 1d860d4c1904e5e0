"""What a name of a file stands for in the document: a question, a row, one option that can be ticked, or nothing any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.conditions import Answered, Selected
from elbe_elster.participation.questionnaire.document import MATRICES, TEXTS, WITH_OPTIONS, Kind

from .parsing import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from elbe_elster.participation.questionnaire.conditions import Expression


@dataclass(frozen=True)
class Meaning:
    """One name. ``options`` maps codes of the file to codes of the document; ``gone`` says why there is none.

    ``option`` makes it a box that is ticked or not, ``beside`` the text beside that option. ``numbers`` maps codes of
    the file to what a comparison would see as the number of the option.
    """

    question: str
    kind: Kind = Kind.INFORMATION
    options: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    item: str = ""
    option: str = ""
    beside: bool = False
    gone: str = ""

    @property
    def is_box(self) -> bool:
        """Whether it is one option that is ticked or not."""
        return bool(self.option)

    @property
    def is_choice(self) -> bool:
        """Whether its value is the code of an option."""
        return not self.is_box and self.kind in WITH_OPTIONS and (bool(self.item) or self.kind not in MATRICES)

    @property
    def is_text(self) -> bool:
        """Whether its value is a text."""
        return not self.is_box and self.kind in TEXTS

    def answered(self) -> Expression:
        """That there is an answer."""
        self.must_be_there()
        return Selected(self.question, self.option, self.item) if self.is_box else Answered(self.question, self.item)

    def selected(self, code: str) -> Expression:
        """That the option with this code of the file is chosen. Raises ExpressionError when there is none."""
        self.must_be_there()
        folded = {name.casefold(): known for name, known in self.options.items()}
        found = self.options.get(code) or folded.get(code.strip().casefold())
        if not found:
            raise ExpressionError(f"Die Antwort „{code}“ gibt es bei „{self.question}“ nicht.")
        return Selected(self.question, found, self.item)

    def must_be_there(self) -> None:
        """Raise ExpressionError for something that did not come over."""
        if self.gone:
            raise ExpressionError(self.gone)
