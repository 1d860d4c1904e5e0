"""Filling in a survey: one page after the other, without account, cookie or session.

**One form.** Every step is a POST of one form to the same address (``…/ausfuellen/``). What was answered so far travels
in its hidden field ``token`` (``state.Filling``: signed and compressed, never in an address). A button says what to do
by ``step``: ``next``, ``back``, ``save``, ``submit``, ``to-<code of a question>``, and from the page about interrupting
``file``, ``code`` and ``resume``.

**Names of fields.** ``q-<code>``: codes of options, number, date or text; ``q-<code>-<item>``: a row of a matrix;
``w-<code>-<option>``: the text beside an option; ``r-<code>-<option>``: its place in a ranking; ``m-<code>`` =
``no_answer``: why there is nothing ("not legible" exists on paper only and is refused here). Where one option is chosen (radio, select), "keine
Angabe" is the value ``-`` of ``q-<code>`` instead, so that browsers keep it apart from the options themselves.

**The form in the browser** (``static/umfrage.js`` may rely on it; without script everything works by further pages).
``<form data-survey>`` holds

- ``<input type="hidden" name="presented">``: codes, separated by blanks, of the questions of this page that the person
  could see. The server shows the page again when others became visible; a script that shows and hides keeps this list.
- every question of the page, hidden ones too: ``<div data-question="CODE" data-kind="single" hidden>``; inside,
  everything that belongs to an option carries ``data-option="CODE"`` (an entry of a list, ``<option>``, header and cells
  of a matrix column), everything of a matrix row ``data-item="CODE"``. Hidden is the attribute ``hidden``. What is
  hidden is sent along: it stays in the draft and is never handed in.
- where something on the page depends on an answer: ``<script type="application/json" data-conditions>`` with
  ``{"questions": […], "answers": {…}}``. ``questions`` are those of this page in order, without retired ones:
  ``{"code", "kind", "condition"?, "options": [{"code", "number", "condition"?}], "items": [{"code", "condition"?}]}``,
  conditions as trees of ``questionnaire.conditions``; see ``questionnaire.live``. ``answers`` are those of earlier pages
  that a condition names (``answers_to_json``: ``o`` options, ``i`` rows, ``n`` number, ``d`` date, ``t`` text,
  ``m`` missing, ``v`` number of the one option).
- texts with a bound carry ``data-most`` and have ``<span data-remaining>`` in their question; a ranking is
  ``<div data-ranking>`` with one ``<select>`` for each option.

**Guards** (``guards.py``): ``guard_fields(filling) -> SafeString`` is put into the form of the last page;
``check_guards(request, filling) -> SafeString | None`` is asked before a submission: None lets it pass, otherwise it is
what the person must still do, and the last page is shown again with it. **Who begins**: ``views.filling.begin(request,
survey, channel=…, code=…)`` answers with the first page; kiosks and access codes call it.
"""
