"""Systems, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import systems

urlpatterns: list[URLPattern] = [
    path("systems/", systems.systems, name="systems"),
    path("systems/new/", systems.new, name="system_new"),
    path("systems/<slug:reference>/", systems.system, name="system"),
    path("systems/<slug:reference>/edit/<slug:group>/", systems.edit, name="system_edit"),
    path("systems/<slug:reference>/technologies/<slug:technology>/", systems.technology, name="system_technology"),
    path("systems/<slug:reference>/activate/", systems.move, {"act": "activate"}, name="system_activate"),
    path("systems/<slug:reference>/state/<slug:act>/", systems.move, name="system_move"),
]
