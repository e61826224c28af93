"""Jobs of this app: thin, addresses in, one service out."""

from core import jobs
from transparency.services import bake


@jobs.handles("transparency.bake_pages")
def bake_pages(paths: list[str]) -> None:
    bake.bake_pages(paths)
