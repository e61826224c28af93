"""Static files under names that change with their bytes, so that browsers may keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Scripts import each other by those names too."""

    support_js_module_import_aggregation = True
