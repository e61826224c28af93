"""Addresses of questions between members, in workspaces."""

from django.urls import path

from strategy.views import member_questions

ONE = "questions/<str:reference>/"
workspace = [
    path("questions/", member_questions.questions, name="questions"),
    path("questions/new/", member_questions.new, name="question_new"),
    path("questions/help/", member_questions.offer, name="question_help"),
    path("questions/help/stop/", member_questions.stop, name="question_help_stop"),
    path(ONE, member_questions.question, name="question"),
    path(f"{ONE}answer/", member_questions.answer, name="question_answer"),
    path(f"{ONE}mark/", member_questions.mark, name="question_mark"),
    path(f"{ONE}hide/", member_questions.hide, name="question_hide"),
    path(f"{ONE}answers/<int:given>/hide/", member_questions.hide_answer, name="question_answer_hide"),
]
