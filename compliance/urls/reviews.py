"""Reviews of cameras and annual reviews of systems, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import camera_reviews, confirming

urlpatterns: list[URLPattern] = [
    path("camera-reviews/", camera_reviews.queue, name="reviews"),
    path("camera-reviews/wards/", camera_reviews.wards, name="reviews_wards"),
    path("systems/<slug:reference>/reviews/confirm/", confirming.confirm, name="reviews_confirm"),
    path(
        "systems/<slug:reference>/cameras/<slug:camera>/review/",
        camera_reviews.review,
        name="camera_review",
    ),
]
