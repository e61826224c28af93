"""Documents that an application is asked for, as they are found in the records (design 4: the `documents` socket)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from certification.models import Application, ApplicationDocument
from compliance.models import CameraSystem, Evidence
from compliance.models.vocabulary import DocumentKind
from core import registry
from core.registry import Document

# What a scheme names otherwise than the records do.
SAME_KIND: Mapping[str, str] = {"annual_review": DocumentKind.ANNUAL_REPORT}


def kind_in_records(key: str) -> str:
    """The kind of evidence under which a document that the scheme asks for is kept."""
    return SAME_KIND.get(key, key)


@dataclass(frozen=True)
class AskedFor:
    """One kind of document of the scheme: what was found of it in the records, and which of that was chosen."""

    key: str
    name: str
    required: bool
    found: Sequence[Document]
    chosen: Sequence[ApplicationDocument]

    @property
    def is_missing(self) -> bool:
        return self.required and not self.chosen


def found_documents(systems: Iterable[CameraSystem]) -> list[Document]:
    """What the records hold about these systems, each once, newest first. As many queries as systems times sources."""
    found: dict[int, Document] = {}
    for system in systems:
        for source in registry.documents:
            for document in source(system):
                if isinstance(document.record, Evidence):
                    found.setdefault(document.record.pk, document)
    return sorted(found.values(), key=lambda document: (document.dated is not None, document.dated), reverse=True)


def asked_for(application: Application, found: Sequence[Document] = ()) -> list[AskedFor]:
    """The documents that the scheme names for the application's aim, in its order. No query if documents are loaded."""
    chosen = list(application.documents.all())
    return [
        AskedFor(
            key=wanted["key"],
            name=wanted["name"],
            required=wanted["required"],
            found=[document for document in found if document.kind == kind_in_records(wanted["key"])],
            chosen=[document for document in chosen if document.kind == kind_in_records(wanted["key"])],
        )
        for wanted in application.scheme.documents_of(application.aim)
    ]
