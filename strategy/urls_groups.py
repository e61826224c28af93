"""Addresses of groups in workspaces."""

from django.urls import path, re_path

from strategy.views import group_actions, groups, meetings

ONE = "groups/<slug:group>/meetings/<slug:reference>/"

workspace = [
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/actions/", group_actions.group_actions, name="group_actions"),
    path("groups/actions/table.csv", group_actions.table, name="group_actions_csv"),
    path("groups/<slug:group>/", groups.group, name="group"),
    path("groups/<slug:group>/plan/", groups.plan, name="meetings_plan"),
    path("groups/<slug:group>/members/add/", groups.member_add, name="group_member_add"),
    path("groups/<slug:group>/members/<slug:member>/end/", groups.member_end, name="group_member_end"),
    path("groups/<slug:group>/members/<slug:member>/mail/", groups.mail, name="group_mail"),
    path(ONE, meetings.meeting, name="meeting"),
    path(f"{ONE}item/", meetings.item_add, name="meeting_item"),
    path(f"{ONE}held/", meetings.held, name="meeting_held"),
    path(f"{ONE}action/", meetings.action_add, name="meeting_action"),
    path(f"{ONE}papers.zip", meetings.papers, name="meeting_papers"),
    path(f"{ONE}papers/<int:number>/", meetings.paper, name="meeting_paper"),
    path(f"{ONE}minutes/<int:number>/", meetings.minute, name="meeting_minute"),
    path(f"{ONE}actions/<int:number>/", group_actions.tell, name="group_action"),
    re_path(
        r"^groups/(?P<group>[-\w]+)/meetings/(?P<reference>[-\w]+)/(?P<act>agenda|draft|agree)/$",
        meetings.act,
        name="meeting_act",
    ),
]
