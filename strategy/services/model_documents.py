"""A model document becomes a document in a council's own records."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from compliance.models import CameraSystem, Evidence
from compliance.services.evidence import add_file
from core.dates import today
from strategy import model_files
from strategy.model_documents import Model, filled
from strategy.models import ModelCopy

TITLE_LIMIT = 150


@transaction.atomic
def copy_model(*, model: Model, system: CameraSystem, language: str, by: User | None) -> Evidence:
    """A Word file with the facts of the system as recorded today, kept as evidence about that system; which edition of
    the model it is made from is remembered. Raises what `add_file` raises.
    """
    made = filled(model, system, language)
    content = model_files.write(model, made, language, author=system.operator.name)
    name = f"{slugify(model.key)}-{slugify(system.name)}-{language}.docx"
    evidence = add_file(
        operator=system.operator,
        upload=SimpleUploadedFile(name, content, content_type=model_files.MEDIA_TYPE),
        kind=model.kind,
        title=made.title[:TITLE_LIMIT],
        systems=[system],
        dated=today(),
        by=by,
    )
    ModelCopy.objects.create(evidence=evidence, model=model.key, edition=model.edition, language=language)
    return evidence
