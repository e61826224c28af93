"""The action plan and what is read from it, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import action_list, actions, calendar, handover, pictures

urlpatterns: list[URLPattern] = [
    path("actions/", action_list.actions, name="actions"),
    path("actions/add/", actions.add_free, name="action_add_free"),
    path("actions/several/", action_list.several, name="actions_several"),
    path("actions/calendar/", calendar.month, name="calendar"),
    path("actions/calendar/addresses/", calendar.addresses, name="calendar_addresses"),
    path("actions/calendar/addresses/end/", calendar.revoke, name="calendar_revoke"),
    path("actions/<slug:reference>/", actions.action, name="action"),
    path("actions/<slug:reference>/change/", actions.change, name="action_change"),
    path("actions/<slug:reference>/move/", actions.move, name="action_move"),
    path("handover/", handover.handover, name="handover"),
    path("pictures/", pictures.pictures, name="pictures"),
]
