"""Statistics of periods and disclosures as counts, under /workspace/<organisation>/."""

from django.urls import URLPattern, path

from compliance.views import disclosures_counted, statistics, statistics_entry, statistics_import

OF_SYSTEM = "systems/<slug:reference>/statistics/"
OF_PERIOD = f"{OF_SYSTEM}<slug:period>/"

urlpatterns: list[URLPattern] = [
    path("statistics/", statistics.statistics, name="statistics"),
    path(OF_SYSTEM, statistics.system_statistics, name="system_statistics"),
    path(f"{OF_SYSTEM}new/", statistics_entry.open_period, name="period_new"),
    path(f"{OF_SYSTEM}import/", statistics_import.upload, name="statistics_import"),
    path(f"{OF_SYSTEM}import/<str:token>/", statistics_import.preview, name="statistics_import_preview"),
    path(f"{OF_SYSTEM}template.csv", statistics_import.template, name="statistics_template"),
    path(f"{OF_SYSTEM}export.csv", statistics_import.export, name="statistics_export"),
    path(OF_PERIOD, statistics.period, name="period"),
    path(f"{OF_PERIOD}figures/", statistics_entry.figures, name="period_figures"),
    path(f"{OF_PERIOD}split/<slug:measure>/", statistics_entry.split, name="period_split"),
    path(f"{OF_PERIOD}confirm/", statistics_entry.confirm, name="period_confirm"),
    path(f"{OF_PERIOD}public/", statistics.public, name="period_public"),
    path("systems/<slug:reference>/disclosures/", disclosures_counted.disclosures, name="disclosures"),
    path("systems/<slug:reference>/disclosures/<slug:month>/", disclosures_counted.month, name="disclosures_month"),
]
