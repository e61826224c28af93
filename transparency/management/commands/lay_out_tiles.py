"""Computes the tiles of the authorities anew from the middles that the portal knows, and packages them."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from transparency.pages.tiles import tiled
from transparency.tiles import LAYOUT, Place, lay_out


class Command(BaseCommand):
    help = "Lay out one tile for each current lower-tier and unitary authority; takes some seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        places = [
            Place(row.gss_code or "", row.latitude, row.longitude)
            for row in tiled()
            if row.latitude is not None and row.longitude is not None and not row.is_demonstration
        ]
        cells = lay_out(places)
        content = {
            "made_by": "manage.py lay_out_tiles",
            "source": "middles of authorities: mySociety, UK local authority names and codes, CC BY 4.0",
            "tiles": {code: list(cell) for code, cell in sorted(cells.items())},
        }
        LAYOUT.write_text(json.dumps(content, indent=0) + "\n")
        self.stdout.write(f"{len(cells)} tiles")
