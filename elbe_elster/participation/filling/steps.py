"""What a step does: reads the page that was sent, says what is wrong, and finds where to go. Without HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from elbe_elster.participation.questionnaire.document import Duty
from elbe_elster.participation.questionnaire.path import follow

from .cleaning import MOST_KEPT, SentValues, clean_question, missing_answer, read_question, sent_values, wrong_with
from .state import CHECK

if TYPE_CHECKING:
    from elbe_elster.participation.questionnaire.document import Question, Questionnaire
    from elbe_elster.participation.questionnaire.path import Path, ShownPage, ShownQuestion

    from .cleaning import Sent
    from .state import Filling

    Said = dict[str, list[str]]  # sentences by the code of a question

JUMP = "to-"
WITHOUT_PAGE = {"file", "code", "resume"}  # sent from the page about interrupting, which has no questions
WITHOUT_CHECKS = {"back", "save", *WITHOUT_PAGE}


@dataclass(frozen=True)
class Taken:
    """Where a step led. ``errors`` keep the person on the page, ``reminders`` once; ``news`` became visible just now."""

    filling: Filling
    path: Path
    errors: Said = field(default_factory=dict)
    reminders: Said = field(default_factory=dict)
    news: frozenset[str] = frozenset()
    focus: str = ""  # code of the question to begin with
    submits: bool = False

    @property
    def stays(self) -> bool:
        """Whether the same page is shown again."""
        return bool(self.errors or self.reminders or self.news)


def first_step(questionnaire: Questionnaire, filling: Filling) -> Taken:
    """The page where the person is, or the next one that is shown."""
    path = follow(questionnaire, filling.draft)
    return Taken(filling if filling.page == CHECK else filling.at(_nearest(path, filling.page)), path)


def take_step(questionnaire: Questionnaire, filling: Filling, data: Sent, step: str, language: str) -> Taken:
    """Do what the button says with the page that was sent. An unknown step shows the page again."""
    if filling.page != CHECK and step not in WITHOUT_PAGE:
        filling = read_page(questionnaire, filling, data)
    path = follow(questionnaire, filling.draft)
    if step in WITHOUT_CHECKS:
        return Taken(filling.at(_before(path, filling.page)) if step == "back" else filling, path)
    if step.startswith(JUMP):
        return _jump(questionnaire, filling, path, step.removeprefix(JUMP))
    if step not in {"next", "submit"}:
        return first_step(questionnaire, filling)
    taken = Taken(filling, path) if filling.page == CHECK else _check_page(filling, path, data, language)
    if taken.stays:
        return taken
    return _submit(taken, language) if step == "submit" else replace(taken, filling=_forward(taken))


def read_page(questionnaire: Questionnaire, filling: Filling, data: Sent) -> Filling:
    """Take over what was sent for the questions of the page; what cannot be read is kept as it was typed."""
    draft, typed = dict(filling.draft), dict(filling.typed)
    for question in questionnaire.pages[filling.page].questions:
        if question.retired or not question.asks:
            continue
        given, errors = read_question(question, data)
        draft.pop(question.code, None)
        typed.pop(question.code, None)
        if errors:
            typed[question.code] = as_typed(question, data)
        elif not given.is_empty or given.others:
            draft[question.code] = given
    return replace(filling, draft=draft, typed=typed)


def as_typed(question: Question, data: Sent) -> dict[str, list[str]]:
    """What was sent for a question, by the name of the field."""
    sent = {name: [str(value)[:MOST_KEPT] for value in data.getlist(name)] for name in _names(question)}
    return {name: values for name, values in sent.items() if any(values)}


def _names(question: Question) -> list[str]:
    """The names of a question's fields."""
    code = question.code
    names = [f"q-{code}", f"m-{code}"]
    names += [f"q-{code}-{item.code}" for item in question.items]
    names += [f"{letter}-{code}-{option.code}" for letter in "wr" for option in question.options]
    return names


def values_to_show(question: Question, filling: Filling) -> SentValues:
    """What stands in the fields of a question: what was typed and does not fit, else the answer."""
    if question.code in filling.typed:
        return SentValues(filling.typed[question.code])
    given = filling.draft.get(question.code)
    return SentValues() if given is None else SentValues(sent_values(question, given))


def _check_page(filling: Filling, path: Path, data: Sent, language: str) -> Taken:
    """What stands in the way of leaving the page."""
    page = _page_at(path, filling.page)
    if page is None:
        return Taken(filling, path)
    seen = filling.presented | {str(code) for sent in data.getlist("presented") for code in str(sent).split()}
    news = frozenset(shown.question.code for shown in page.questions) - seen
    errors, reminders = _looked_through([shown for shown in page.questions if shown.question.code in seen], filling, path, language)  # fmt: skip
    presented = filling.presented | {shown.question.code for shown in page.questions}
    known = replace(filling, reminded=filling.reminded | reminders.keys())
    if errors or reminders or news:
        return Taken(known, path, errors, reminders, news)
    return Taken(replace(known, presented=presented), path)


def _looked_through(questions: list[ShownQuestion], filling: Filling, path: Path, language: str) -> tuple[Said, Said]:
    """Errors and first reminders for these questions."""
    errors: Said = {}
    reminders: Said = {}
    for shown in questions:
        question = shown.question
        if not question.asks:
            continue
        wrong = _wrong(shown, filling, language)
        if wrong:
            errors[question.code] = wrong
        elif question.duty is not Duty.FREE and (missing := missing_answer(shown, path.answers.get(question.code))):
            if question.duty is Duty.HARD:
                errors[question.code] = [missing]
            elif question.code not in filling.reminded:
                reminders[question.code] = [missing]
    return errors, reminders


def _wrong(shown: ShownQuestion, filling: Filling, language: str) -> list[str]:
    code = shown.question.code
    if code in filling.typed:
        return clean_question(shown, SentValues(filling.typed[code]), language)[1]
    given = filling.draft.get(code)
    return [] if given is None else wrong_with(shown, given, language)


def _submit(taken: Taken, language: str) -> Taken:
    """Look through everything once more: what a change made visible, what is still wrong. Else it may be handed in."""
    filling, path = taken.filling, taken.path
    for page in path.pages:
        news = frozenset(shown.question.code for shown in page.questions) - filling.presented
        if news:
            return Taken(filling.at(page.index), path, news=news)
        errors, _reminders = _looked_through(list(page.questions), filling, path, language)
        if errors:
            return Taken(filling.at(page.index), path, errors)
    return replace(taken, submits=True)


def _forward(taken: Taken) -> Filling:
    """To the next page; after a change from the check page to the next page with something new, else back to it."""
    filling, later = taken.filling, [page for page in taken.path.pages if page.index > taken.filling.page]
    if filling.page == CHECK:
        return filling
    if filling.to_check:
        later = [
            page for page in later if any(shown.question.code not in filling.presented for shown in page.questions)
        ]
    return filling.at(later[0].index if later else CHECK)


def _before(path: Path, page: int) -> int:
    """The index of the page before; the first one stays."""
    if page == CHECK:
        return path.pages[-1].index if path.pages else CHECK
    earlier = [shown.index for shown in path.pages if shown.index < page]
    return earlier[-1] if earlier else _nearest(path, page)


def _nearest(path: Path, page: int) -> int:
    return next((shown.index for shown in path.pages if shown.index >= page), CHECK)


def _page_at(path: Path, index: int) -> ShownPage | None:
    return next((page for page in path.pages if page.index == index), None)


def _jump(questionnaire: Questionnaire, filling: Filling, path: Path, code: str) -> Taken:
    """To a question one has been at."""
    index = questionnaire.page_by_question.get(code)
    if index is None or _page_at(path, index) is None or not (filling.to_check or code in filling.presented):
        return first_step(questionnaire, filling)
    return Taken(filling.at(index), path, focus=code)


def parts_of(taken: Taken) -> tuple[int, int]:
    """„Teil 2 von 5“: which of the pages this person sees, and how many they are."""
    indexes = [page.index for page in taken.path.pages]
    return (indexes.index(taken.filling.page) + 1 if taken.filling.page in indexes else len(indexes)), len(indexes)
