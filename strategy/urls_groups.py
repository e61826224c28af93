"""Addresses of groups: for the public, and in workspaces."""

from django.urls import path, re_path

from strategy.views import (
    group_actions,
    group_acts,
    group_calendar,
    group_public,
    group_publishing,
    groups,
    meetings,
)

ONE = "groups/<slug:group>/meetings/<slug:reference>/"

PUBLIC_ONE = "groups/<slug:slug>/meetings/<str:label>/"
DECISION = "groups/<slug:group>/decisions/"

public = [
    path("groups/", group_public.group_list, name="groups"),
    path("groups/calendar/<str:secret>.ics", group_public.private_dates, name="group_calendar"),
    path("groups/mail/<str:token>/", group_public.mail_end, name="group_mail_end"),
    path("groups/<slug:slug>/", group_public.group, name="group"),
    path("groups/<slug:slug>/dates.ics", group_public.dates, name="group_dates"),
    path(PUBLIC_ONE, group_public.meeting, name="meeting"),
    path(f"{PUBLIC_ONE}papers/<int:number>/", group_public.paper, name="meeting_paper"),
]

workspace = [
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/actions/", group_actions.group_actions, name="group_actions"),
    path("groups/actions/table.csv", group_actions.table, name="group_actions_csv"),
    path("groups/calendar/", group_calendar.address, name="group_calendar"),
    path("groups/calendar/revoke/", group_calendar.revoke, name="group_calendar_revoke"),
    path("groups/<slug:group>/", groups.group, name="group"),
    path("groups/<slug:group>/terms/", group_acts.versions, name="group_versions"),
    path("groups/<slug:group>/terms/change/", group_acts.terms, name="group_terms"),
    path("groups/<slug:group>/reports/add/", group_acts.report_add, name="group_report"),
    path("groups/<slug:group>/mail/", group_acts.mail, name="group_mail"),
    path("groups/<slug:group>/public/", group_publishing.group_public, name="group_public"),
    path("groups/<slug:group>/public/withdraw/", group_publishing.group_withdraw, name="group_withdraw"),
    path(f"{DECISION}ask/", group_acts.ask, name="group_ask"),
    path(f"{DECISION}<int:number>/", group_acts.decision, name="group_decision"),
    path(f"{DECISION}<int:number>/conclude/", group_acts.conclude, name="group_conclude"),
    path("groups/<slug:group>/end/", groups.end, name="group_end"),
    path("groups/<slug:group>/plan/", groups.plan, name="meetings_plan"),
    path("groups/<slug:group>/members/add/", groups.member_add, name="group_member_add"),
    path("groups/<slug:group>/members/<slug:member>/end/", groups.member_end, name="group_member_end"),
    path("groups/<slug:group>/members/<slug:member>/interests/", group_acts.interests, name="group_interests"),
    path(ONE, meetings.meeting, name="meeting"),
    path(f"{ONE}move/", meetings.move, name="meeting_move"),
    path(f"{ONE}public/", group_publishing.meeting_public, name="meeting_public"),
    path(f"{ONE}public/withdraw/", group_publishing.meeting_withdraw, name="meeting_withdraw"),
    path(f"{ONE}item/", meetings.item_add, name="meeting_item"),
    path(f"{ONE}items/<int:number>/change/", meetings.item_change, name="meeting_item_change"),
    path(f"{ONE}items/<int:number>/remove/", meetings.item_remove, name="meeting_item_remove"),
    path(f"{ONE}held/", meetings.held, name="meeting_held"),
    path(f"{ONE}action/", meetings.action_add, name="meeting_action"),
    path(f"{ONE}papers.zip", meetings.papers, name="meeting_papers"),
    path(f"{ONE}papers/<int:number>/", meetings.paper, name="meeting_paper"),
    path(f"{ONE}minutes/<int:number>/", meetings.minute, name="meeting_minute"),
    path(f"{ONE}actions/<int:number>/", group_actions.tell, name="group_action"),
    re_path(
        r"^groups/(?P<group>[-\w]+)/meetings/(?P<reference>[-\w]+)/(?P<act>agenda|draft|agree|addendum)/$",
        meetings.act,
        name="meeting_act",
    ),
]
