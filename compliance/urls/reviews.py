"""Reviews of cameras and annual reviews of systems, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import annual_reviews, camera_reviews, confirming, reports

urlpatterns: list[URLPattern] = [
    path("camera-reviews/", camera_reviews.queue, name="reviews"),
    path("camera-reviews/wards/", camera_reviews.wards, name="reviews_wards"),
    path("systems/<slug:reference>/reviews/confirm/", confirming.confirm, name="reviews_confirm"),
    path(
        "systems/<slug:reference>/cameras/<slug:camera>/review/",
        camera_reviews.review,
        name="camera_review",
    ),
    path("annual-reviews/", annual_reviews.reviews, name="annual_reviews"),
    path("systems/<slug:reference>/annual-reviews/start/", annual_reviews.start, name="annual_review_start"),
    path("annual-reviews/<slug:reference>/", annual_reviews.review, name="annual_review"),
    path("annual-reviews/<slug:reference>/edit/<slug:section>/", annual_reviews.edit, name="annual_review_edit"),
    path("annual-reviews/<slug:reference>/figures/", annual_reviews.figures, name="annual_review_figures"),
    path("annual-reviews/<slug:reference>/send/", annual_reviews.send, name="annual_review_send"),
    path("annual-reviews/<slug:reference>/abandon/", annual_reviews.abandon, name="annual_review_abandon"),
    path("annual-reviews/<slug:reference>/authorise/", annual_reviews.authorise, name="annual_review_authorise"),
    path("annual-reviews/<slug:reference>/return/", annual_reviews.return_review, name="annual_review_return"),
    path("annual-reviews/<slug:reference>/frozen.json", annual_reviews.frozen_json, name="annual_review_json"),
    path("annual-reviews/<slug:reference>/print/", reports.print_annual_review, name="annual_review_print"),
    path("reports/", reports.reports, name="reports"),
    path("reports/ask/", reports.ask, name="report_ask"),
    path("reports/<slug:reference>/", reports.report, name="report"),
    path("reports/<slug:reference>/report.pdf", reports.pdf, name="report_pdf"),
    path("reports/<slug:reference>/report.json", reports.text, name="report_json"),
]
