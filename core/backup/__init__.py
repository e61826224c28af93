"""Everything that a portal is, in one archive: its tables, its files and its keys (docs/decisions/backup.md).

`make_backup` writes it while the portal runs; `restore_backup` brings it back into an empty portal, on SQLite or
PostgreSQL whichever it came from.
"""

from core.backup.making import make_backup
from core.backup.restoring import restore_backup

__all__ = ["make_backup", "restore_backup"]
