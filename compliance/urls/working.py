"""Working on a self-assessment together: comments, questions sent out, who answers what, what changed, why it is so."""

from django.urls import include, path

from compliance.views import assessments, assignments, since, suggestions, why, working

urlpatterns = [
    path(
        "assessments/<slug:reference>/",
        include(
            [
                path("questions/<int:number>/comments/", working.comment, name="comment"),
                path("questions/<int:number>/comments/settle/", working.settle, name="comment_settle"),
                path("questions/<int:number>/ask/", working.ask, name="ask"),
                path("assignments/", assignments.assignments, name="assignments"),
                path("assignments/end/", assignments.end, name="assignment_end"),
                path("since/", since.since, name="since"),
                path("since/seen/", since.seen, name="since_seen"),
                path("whole/", assessments.whole, name="whole"),
                path("why/<slug:mark>/", why.why, name="why"),
                path("why/<slug:mark>/<int:number>/", why.why_number, name="why_number"),
            ]
        ),
    ),
    path("why/<slug:mark>/<slug:reference>/", why.why_record, name="why_record"),
    path("requests/<slug:reference>/", suggestions.suggestion, name="suggestion"),
    path("requests/<slug:reference>/decline/", suggestions.decline, name="request_decline"),
    path("requests/<slug:reference>/again/", suggestions.again, name="request_again"),
    path("requests/<slug:reference>/withdraw/", suggestions.withdraw, name="request_withdraw"),
]
