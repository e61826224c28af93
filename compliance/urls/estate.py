"""Estate audits and Code Assessment Packs, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import estate, packs

urlpatterns: list[URLPattern] = [
    path("estate/", estate.audits, name="estate_audits"),
    path("estate/new/", estate.new, name="estate_new"),
    path("estate/<slug:reference>/", estate.audit, name="estate_audit"),
    path("estate/<slug:reference>/remind/", estate.remind, name="estate_remind"),
    path("estate/requests/<slug:reference>/again/", estate.again, name="estate_again"),
    path("estate/requests/<slug:reference>/withdraw/", estate.withdraw, name="estate_withdraw"),
    path("estate/requests/<slug:reference>/erase/", estate.erase, name="estate_erase"),
    path("estate/requests/<slug:reference>/<int:number>/", estate.find, name="estate_find"),
    path("systems/<slug:reference>/packs/", packs.packs, name="packs"),
    path("systems/<slug:reference>/packs/<slug:pack>.zip", packs.pack, name="pack"),
]
