"""What the public is told of a system, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import public_facts

FACTS = "systems/<slug:reference>/public-facts/"
urlpatterns: list[URLPattern] = [
    path(FACTS, public_facts.facts, name="public_facts"),
    path(f"{FACTS}uses/", public_facts.uses, name="public_uses"),
    path(f"{FACTS}uses/<slug:kind>/", public_facts.use, name="public_use"),
    path(f"{FACTS}standards/<slug:kind>/", public_facts.standard, name="public_standard"),
    path(f"{FACTS}standards/<slug:kind>/drop/", public_facts.drop_standard, name="public_standard_drop"),
    path(f"{FACTS}withhold/<slug:field>/", public_facts.withhold, name="public_withhold"),
    path(f"{FACTS}withhold/<slug:field>/show/", public_facts.show, name="public_show"),
    path(f"{FACTS}contact/", public_facts.confirm, name="public_contact"),
]
