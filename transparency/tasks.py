"""Jobs of this app: thin, addresses in, one service out."""

from core import jobs
from transparency.services import bake, read_models


@jobs.handles("transparency.bake_pages")
def bake_pages(paths: list[str]) -> None:
    bake.bake_pages(paths)


@jobs.handles("transparency.refresh")
def refresh(things: list[tuple[str, str]]) -> None:
    read_models.refresh(things)
