"""Returns of an agreement, and what footage led to over all of them."""

from django.urls import path

from slas.views import outcomes, returns

of_agreement = [
    path("returns/", returns.returns, name="returns"),
    path("returns/begin/", returns.begin, name="return_begin"),
    path("returns/empty.csv", returns.template, name="return_template"),
    path("returns/<slug:made>/", returns.one_return, name="return"),
    path("returns/<slug:made>/file/", returns.from_file, name="return_file"),
    path("returns/<slug:made>/answer/", returns.judge, name="return_judge"),
]

of_organisation = [
    path("agreements/outcomes/", outcomes.outcomes, name="outcomes"),
    path("agreements/outcomes/forces.csv", outcomes.table, name="outcomes_csv"),
]
