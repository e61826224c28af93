"""Data protection impact assessments and equality impact assessments, under /workspace/<organisation>/."""

from django.urls import include, path

from compliance.views import dpia_acts as acts
from compliance.views import dpia_writing as writing
from compliance.views import dpias, equality

urlpatterns = [
    path("dpias/", dpias.dpia_list, name="dpias"),
    path("dpias/new/", dpias.new, name="dpia_new"),
    path("dpias/elsewhere/", dpias.elsewhere, name="dpia_elsewhere"),
    path(
        "dpias/<slug:reference>/",
        include(
            [
                path("", dpias.dpia, name="dpia"),
                path("dpia.pdf", dpias.dpia_pdf, name="dpia_pdf"),
                path("dpia.json", dpias.dpia_json, name="dpia_json"),
                path("heading/", writing.heading, name="dpia_heading"),
                path("screening/", writing.screening, name="dpia_screening"),
                path("cameras/", writing.cover, name="dpia_cover"),
                path("parts/<slug:part>/", writing.part, name="dpia_part"),
                path("matrix/", writing.matrix, name="dpia_matrix"),
                path("risks/", writing.risks, name="dpia_risks"),
                path("risks/new/", writing.risk_new, name="dpia_risk_new"),
                path("risks/<int:number>/", writing.risk, name="dpia_risk"),
                path("risks/<int:number>/remove/", writing.risk_remove, name="dpia_risk_remove"),
                path("not-required/", acts.not_required, name="dpia_not_required"),
                path("screen-again/", acts.screen_again, name="dpia_screen_again"),
                path("begin/", acts.begin, name="dpia_begin"),
                path("ask/", acts.ask, name="dpia_ask"),
                path("advice/", acts.advice, name="dpia_advice"),
                path("advice/answer/", acts.advice_answer, name="dpia_advice_answer"),
                path("return/", acts.give_back, name="dpia_return"),
                path("ico/", acts.ico, name="dpia_ico"),
                path("ico/answer/", acts.ico_answer, name="dpia_ico_answer"),
                path("stop/", acts.stop, name="dpia_stop"),
                path("sign/", acts.sign, name="dpia_sign"),
                path("again/", acts.again, name="dpia_again"),
                path("confirm/", acts.confirm, name="dpia_confirm"),
                path("decline/", acts.decline, name="dpia_decline"),
                path("equality/", equality.equality, name="equality"),
                path("equality/elsewhere/", equality.elsewhere, name="equality_elsewhere"),
                path("equality/sign/", equality.sign, name="equality_sign"),
                path("equality/drop/", equality.drop, name="equality_drop"),
                path("equality/rest/", equality.rest, name="equality_rest"),
                path("equality/groups/<slug:characteristic>/", equality.group, name="equality_group"),
            ]
        ),
    ),
]
