"""Which cameras see a place, for police and partners, and control rooms; under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import control_rooms, finder

urlpatterns: list[URLPattern] = [
    path("finder/", finder.finder, name="finder"),
    path("finder/log/", finder.log, name="finder_log"),
    path("control-rooms/", control_rooms.rooms, name="rooms"),
    path("control-rooms/new/", control_rooms.new, name="room_new"),
    path("control-rooms/<slug:reference>/", control_rooms.card, name="room_card"),
    path("control-rooms/<slug:reference>/card.pdf", control_rooms.card_pdf, name="room_card_pdf"),
    path("control-rooms/<slug:reference>/edit/", control_rooms.edit, name="room_edit"),
    path("systems/<slug:reference>/control-room/", control_rooms.choose, name="room_choose"),
]
