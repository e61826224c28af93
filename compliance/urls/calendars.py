"""The secret addresses that calendar programs read, outside the workspace: nobody signs in there."""

from django.urls import path

from compliance.views.calendar_feed import feed

app_name = "calendars"
urlpatterns = [path("<str:secret>.ics", feed, name="feed")]
