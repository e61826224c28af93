"""Site visits, under /workspace/<organisation>/applications/<reference>/visits/."""

from django.urls import URLPattern, URLResolver, include, path

from certification.views import visit_sample, visit_seen, visit_signing, visit_unsigned, visits

one_visit: list[URLPattern] = [
    path("", visits.visit, name="visit"),
    path("change/", visits.change, name="visit_change"),
    path("agree/", visits.agree, name="visit_agree"),
    path("another-date/", visits.another_date, name="visit_another_date"),
    path("cancel/", visits.cancel, name="visit_cancel"),
    path("begin/", visits.begin, name="visit_begin"),
    path("visit.ics", visits.calendar_file, name="visit_ics"),
    path("sample/", visit_sample.sample, name="visit_sample"),
    path("sample/draw/", visit_sample.draw, name="visit_draw"),
    path("sample/cameras/", visit_sample.choose, name="visit_choose"),
    path("sample/cameras/<int:position>/drop/", visit_sample.drop_camera, name="visit_camera_drop"),
    path("sample/places/", visit_sample.add_place, name="visit_place_add"),
    path("sample/places/<int:number>/drop/", visit_sample.drop_place, name="visit_place_drop"),
    path("register.txt", visit_sample.register, name="visit_register"),
    path("checklist.pdf", visit_sample.checklist, name="visit_checklist"),
    path("checklist/print/", visit_sample.print_checklist, name="visit_checklist_print"),
    path("cameras/<int:number>/", visit_seen.camera, name="visit_camera"),
    path("cameras/<int:number>/<slug:act>/", visit_seen.camera_act, name="visit_camera_act"),
    path("places/<int:number>/", visit_seen.place, name="visit_place"),
    path("places/<int:number>/<slug:act>/", visit_seen.place_act, name="visit_place_act"),
    path("cameras/<int:number>/<slug:item>/finding/", visit_seen.camera_finding, name="visit_camera_finding"),
    path("places/<int:number>/<slug:item>/finding/", visit_seen.place_finding, name="visit_place_finding"),
    path("sign/", visit_signing.sign, name="visit_sign"),
    path("sign/take-back/", visit_signing.take_back, name="visit_take_back"),
    path("sign/ask-again/", visit_unsigned.ask_again, name="visit_ask_again"),
    path("sign/unsigned/", visit_unsigned.unsigned, name="visit_unsigned"),
    path("countersign/", visit_signing.countersign, name="visit_countersign"),
    path("record/", visit_signing.record, name="visit_record"),
    path("record.json", visit_signing.record_json, name="visit_record_json"),
    path("record.pdf", visit_signing.record_pdf, name="visit_record_pdf"),
]
of_application: list[URLPattern | URLResolver] = [
    path("new/", visits.propose, name="visit_new"),
    path("<slug:visit>/", include(one_visit)),
]
