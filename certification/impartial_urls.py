"""Impartiality of a certification body: competences, interests; and its figures."""

from django.urls import URLPattern, path

from certification.views import competences, figures, interests

# Under /workspace/<organisation>/
of_organisation: list[URLPattern] = [
    path("impartiality/", competences.competences, name="competences"),
    path("impartiality/competences/add/", competences.add, name="competence_add"),
    path(
        "impartiality/competences/<slug:auditor>/<slug:technology>/<iso_date:starts_on>/end/",
        competences.end,
        name="competence_end",
    ),
    path("impartiality/interests/", interests.interests, name="interests"),
    path("impartiality/interests/add/", interests.add, name="interest_add"),
    path("impartiality/interests/<int:number>/", interests.change, name="interest_change"),
    path("figures/", figures.figures, name="figures"),
    path("figures.csv", figures.figures_csv, name="figures_csv"),
]
