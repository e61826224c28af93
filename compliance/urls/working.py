"""Working on a self-assessment together: comments, questions sent out, who answers what, what changed, why it is so."""

from django.urls import include, path

from compliance.views import suggestions, working

urlpatterns = [
    path(
        "assessments/<slug:reference>/",
        include(
            [
                path("questions/<int:number>/comments/", working.comment, name="comment"),
                path("questions/<int:number>/comments/settle/", working.settle, name="comment_settle"),
                path("questions/<int:number>/ask/", working.ask, name="ask"),
            ]
        ),
    ),
    path("requests/<slug:reference>/", suggestions.suggestion, name="suggestion"),
    path("requests/<slug:reference>/decline/", suggestions.decline, name="request_decline"),
    path("requests/<slug:reference>/again/", suggestions.again, name="request_again"),
    path("requests/<slug:reference>/withdraw/", suggestions.withdraw, name="request_withdraw"),
]
