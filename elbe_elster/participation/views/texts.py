"""Free texts: the survey team reads them one by one, in no order and without the other answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from elbe_elster.participation.actions.running import SurveyRefusedError
from elbe_elster.participation.actions.texts import add_topic, end_reading, remove_topic, rename_topic, review_text
from elbe_elster.participation.forms.texts import ReviewForm, TopicForm
from elbe_elster.participation.models import FreeText, Option, Question, Survey, TextCode, TextState
from elbe_elster.participation.texts.redaction import pieces
from elbe_elster.participation.views.staff import UNPROCESSABLE, on_survey, person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from elbe_elster.accounts.models import User

ON_A_PAGE = 25
SECOND_LOOK = "zweiter-blick"


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@require_GET
@on_survey
def free_texts(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Questions with texts, how far they are read, and their topics."""
    by_others = ~Q(state=TextState.NEW) & ~Q(reviewed_by=person(request))
    counts = (
        FreeText.objects.filter(question__survey=survey)
        .order_by()
        .values("question")
        .annotate(
            number=Count("pk"),
            new=Count("pk", filter=Q(state=TextState.NEW)),
            quotes=Count("pk", filter=Q(state=TextState.PUBLISHED)),
            others=Count("pk", filter=by_others),
        )
    )
    found = {row["question"]: row for row in counts}
    topics: dict[int, list[TextCode]] = {}
    for topic in TextCode.objects.filter(question__survey=survey).annotate(number=Count("texts")):
        topics.setdefault(topic.question_id, []).append(topic)
    questions = [
        {"question": question, "counts": found[question.pk], "topics": topics.get(question.pk, [])}
        for question in survey.questions.in_order()
        if question.pk in found
    ]
    return render(request, "participation/texts/free_texts.html", {"survey": survey, "questions": questions})


@require_http_methods(["GET", "POST"])
@on_survey
def question_texts(request: HttpRequest, survey: Survey, code: str) -> HttpResponse:
    """The texts of a question by state, in the order of their random keys; new topics."""
    question = get_object_or_404(survey.questions, code=code)
    form = TopicForm(_typed(request), question=question)
    if request.method == "POST" and form.is_valid():
        add_topic(question=question, label=form.cleaned_data["label"])
        messages.success(request, _("Das Thema ist angelegt."))
        return redirect("participation:question-texts", survey.slug, code)
    wanted = request.GET.get("stand", "")
    texts = _wanted(question, wanted, person(request)).select_related("reviewed_by").prefetch_related("codes")
    page = Paginator(texts.order_by("pk"), ON_A_PAGE).get_page(request.GET.get("seite"))
    context = {
        "survey": survey,
        "question": question,
        "page": page,
        "lines": [{"text": text, "pieces": pieces(text.text)} for text in page],
        "wanted": wanted,
        "states": [("", _("alle")), *TextState.choices, (SECOND_LOOK, _("von anderen gelesen"))],
        "topics": TextCode.objects.filter(question=question).annotate(number=Count("texts")),
        "first": FreeText.objects.filter(question=question, state=TextState.NEW).order_by("pk").first(),
        "form": form,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "participation/texts/question_texts.html", context, status=status)


def _wanted(question: Question, wanted: str, user: User) -> Any:
    texts = FreeText.objects.filter(question=question)
    if wanted == SECOND_LOOK:
        return texts.exclude(state=TextState.NEW).exclude(reviewed_by=user)
    return texts.filter(state=wanted) if wanted in TextState.values else texts


@require_http_methods(["GET", "POST"])
@on_survey
def text_review(request: HttpRequest, survey: Survey, key: int) -> HttpResponse:
    """One text: topics, quote, decision; then the next one that nobody has read."""
    text = get_object_or_404(FreeText.objects.filter(question__survey=survey).select_related("question"), pk=key)
    form = ReviewForm(_typed(request), text=text)
    if request.method == "POST" and form.is_valid():
        _review(text, form, person(request))
        following = FreeText.objects.filter(question=text.question_id, state=TextState.NEW).order_by("pk").first()
        if following:
            return redirect("participation:text-review", survey.slug, following.pk)
        messages.success(request, _("Alle Texte dieser Frage sind gelesen."))
        return redirect("participation:question-texts", survey.slug, text.question.code)
    option = Option.objects.filter(question=text.question_id, number=text.option).first() if text.option else None
    context = {
        "survey": survey,
        "text": text,
        "pieces": pieces(text.text),
        "option": option,
        "form": form,
        "left": FreeText.objects.filter(question=text.question_id, state=TextState.NEW).count(),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "participation/texts/text_review.html", context, status=status)


def _review(text: FreeText, form: ReviewForm, actor: User) -> None:
    cleaned = form.cleaned_data
    topics = list(cleaned.get("topics", []))
    if cleaned["new_topic"].strip():
        topics.append(add_topic(question=text.question, label=cleaned["new_topic"]))
    review_text(text=text, state=TextState(cleaned["decision"]), topics=topics, quote=cleaned["quote"], actor=actor)


@require_POST
@on_survey
def reading_end(request: HttpRequest, survey: Survey) -> HttpResponse:
    """The texts are read: their wording goes for good, topics and quotes stay."""
    if "sicher" not in request.POST:
        messages.error(request, _("Setzen Sie den Haken, wenn Sie die Texte wirklich löschen wollen."))
        return redirect("participation:survey-free-texts", survey.slug)
    try:
        number = end_reading(survey=survey, actor=person(request))
    except SurveyRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            ngettext("Ein Wortlaut ist gelöscht.", "%(number)d Wortlaute sind gelöscht.", number) % {"number": number},
        )
    return redirect("participation:survey-free-texts", survey.slug)


@require_POST
@on_survey
def topic_change(request: HttpRequest, survey: Survey, pk: int) -> HttpResponse:
    """Rename or remove a topic."""
    topic = get_object_or_404(TextCode.objects.select_related("question"), pk=pk, question__survey=survey)
    form = TopicForm(request.POST, question=topic.question, topic=topic)
    if "entfernen" in request.POST:
        remove_topic(topic=topic)
        messages.success(request, _("Das Thema ist entfernt."))
    elif form.is_valid():
        rename_topic(topic=topic, label=form.cleaned_data["label"])
        messages.success(request, _("Das Thema heißt jetzt „%(label)s“.") % {"label": form.cleaned_data["label"]})
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("participation:question-texts", survey.slug, topic.question.code)
