"""Answering: saving while typing, what to do when two wrote, the history, a whole principle on a page."""

from django.urls import URLPattern, path

from compliance.views import answer_history, both_answers, saving, whole_principle

QUESTION = "assessments/<slug:reference>/questions/<int:number>/"

urlpatterns: list[URLPattern] = [
    path(f"{QUESTION}autosave/", saving.autosave, name="autosave"),
    path(f"{QUESTION}keep-note/", both_answers.keep_note, name="keep_note"),
    path(f"{QUESTION}history/", answer_history.answer_history, name="answer_history"),
    path(f"{QUESTION}history/<int:version>/restore/", answer_history.restore_answer, name="restore_answer"),
    path(
        "assessments/<slug:reference>/principles/<int:number>/answer/",
        whole_principle.whole_principle,
        name="whole_principle",
    ),
]
