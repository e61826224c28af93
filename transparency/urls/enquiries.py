"""Public addresses of asking an operator, and of following what was asked."""

from django.urls import URLPattern, path

from transparency.views import ask, follow_up, request_letter, whose_camera

urlpatterns: list[URLPattern] = [
    path("ask-about-cameras/", ask.ask, name="ask"),
    path("ask-about-cameras/whose-camera/", whose_camera.whose_camera, name="whose_camera"),
    path("ask-about-cameras/letter/", request_letter.letter, name="request_letter"),
    path("ask-about-cameras/letter.txt", request_letter.letter_text, name="request_letter_text"),
    path("ask-about-cameras/follow/<str:token>/", follow_up.follow, name="follow"),
]
