"""Jobs of this app: thin, addresses in, one service out."""

from core import jobs
from transparency.services import bake, open_data, plans, publish_agreement, read_models, search_index


@jobs.handles("transparency.bake_pages")
def bake_pages(paths: list[str]) -> None:
    bake.bake_pages(paths)


@jobs.handles("transparency.refresh")
def refresh(things: list[tuple[str, str]]) -> None:
    read_models.refresh(things)


@jobs.handles(open_data.OF_ONE)
def build_open_data(slug: str) -> None:
    open_data.build_open_data(slug)


@jobs.handles(open_data.OF_ALL)
def build_national_open_data() -> None:
    open_data.build_national()


@jobs.handles(search_index.OF_AUTHORITIES)
def index_authorities() -> None:
    search_index.index_authorities()


@jobs.handles(search_index.OF_DOCUMENTS)
def index_documents(organisation: int | None) -> None:
    search_index.index_documents(organisation)


@jobs.handles(plans.PUBLISH_PLANNED)
def publish_planned(plan: int) -> None:
    plans.publish_planned(plan)


@jobs.handles(publish_agreement.FOLLOW)
def follow_agreement(reference: str) -> None:
    publish_agreement.follow_agreement(reference)


@jobs.handles(publish_agreement.PRINT)
def print_agreement(publication: str) -> None:
    publish_agreement.print_agreement(publication)
