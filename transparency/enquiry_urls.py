"""Addresses of enquiries under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from transparency.views import enquirers, enquiry_desk, enquiry_question

urlpatterns: list[URLPattern] = [
    path("enquiries/", enquiry_desk.enquiries, name="enquiries"),
    path("enquiries/target/", enquiry_desk.target, name="enquiry_target"),
    path("enquiries/person/", enquirers.person, name="enquirer"),
    path("enquiries/<slug:reference>/", enquiry_desk.enquiry, name="enquiry"),
    path("enquiries/<slug:reference>/sort/", enquiry_desk.sort, name="enquiry_sort"),
    path("enquiries/<slug:reference>/note/", enquiry_desk.note, name="enquiry_note"),
    path("enquiries/<slug:reference>/acknowledge/", enquiry_desk.acknowledge, name="enquiry_acknowledge"),
    path("enquiries/<slug:reference>/look-into/", enquiry_desk.look_into, name="enquiry_look_into"),
    path("enquiries/<slug:reference>/reply/", enquiry_desk.reply, name="enquiry_reply"),
    path("enquiries/<slug:reference>/refer/", enquiry_desk.refer, name="enquiry_refer"),
    path("enquiries/<slug:reference>/pass-on/", enquiry_desk.forward, name="enquiry_forward"),
    path("enquiries/<slug:reference>/publish/", enquiry_question.question, name="enquiry_question"),
    path("enquiries/<slug:reference>/close/", enquiry_desk.close, name="enquiry_close"),
]
