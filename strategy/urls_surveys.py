"""Addresses of surveys: for the public, for who answers without an account, and in the workspace."""

from django.urls import path

from strategy.views import survey_answer, survey_returns, surveys, surveys_public

public = [
    path("surveys/", surveys_public.surveys, name="surveys"),
    path("surveys/reported.csv", surveys_public.reported_csv, name="surveys_reported_csv"),
    path("surveys/reported.json", surveys_public.reported_json, name="surveys_reported_json"),
    path("surveys/compare/", surveys_public.compare, name="surveys_compare"),
    path("surveys/<slug:reference>/", surveys_public.survey, name="survey"),
    path("surveys/<slug:reference>/survey.csv", surveys_public.survey_csv, name="survey_csv"),
    path("surveys/<slug:reference>/survey.json", surveys_public.survey_json, name="survey_json"),
    path("surveys/answer/<str:token>/", survey_answer.survey_answer, name="survey_answer"),
    path("surveys/answer/<str:token>/fill/", survey_answer.survey_fill, name="survey_fill"),
]

ONE = "surveys/<str:reference>/"
workspace = [
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.new, name="survey_new"),
    path("surveys/asked/<str:reference>/", survey_returns.asked, name="survey_asked"),
    path("surveys/asked/<str:reference>/sign/", survey_returns.sign, name="survey_sign"),
    path("surveys/asked/<str:reference>/back/", survey_returns.send_back, name="survey_back"),
    path(ONE, surveys.survey, name="survey"),
    path(f"{ONE}change/", surveys.change, name="survey_change"),
    path(f"{ONE}preview/", surveys.preview, name="survey_preview"),
    path(f"{ONE}copy/", surveys.copy, name="survey_copy"),
    path(f"{ONE}questions/new/", surveys.question, name="survey_question_new"),
    path(f"{ONE}questions/<slug:key>/", surveys.question, name="survey_question"),
    path(f"{ONE}questions/<slug:key>/remove/", surveys.drop_question, name="survey_question_drop"),
    path(f"{ONE}questions/<slug:key>/up/", surveys.move_question, name="survey_question_up"),
    path(f"{ONE}ask/", surveys.ask, name="survey_ask"),
    path(f"{ONE}ask/list.csv", surveys.ask_list, name="survey_ask_list"),
    path(f"{ONE}ask/<slug:asked>/stop/", surveys.stop_asking, name="survey_ask_stop"),
    path(f"{ONE}open/", surveys.open_it, name="survey_open"),
    path(f"{ONE}remind/", surveys.remind, name="survey_remind"),
    path(f"{ONE}close/", surveys.close, name="survey_close"),
    path(f"{ONE}publish/", surveys.publish, name="survey_publish"),
    path(f"{ONE}returns.csv", survey_returns.returns_csv, name="survey_returns_csv"),
    path(f"{ONE}returns.json", survey_returns.returns_json, name="survey_returns_json"),
    path(f"{ONE}returns/<slug:asked>/", survey_returns.received, name="survey_return"),
    path(f"{ONE}returns/<slug:asked>/address/", survey_returns.address, name="survey_address"),
    path(f"{ONE}returns/<slug:asked>/back/", survey_returns.return_it, name="survey_return_back"),
]
