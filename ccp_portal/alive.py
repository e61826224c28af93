"""`python -m ccp_portal.alive URL PART…`: exit 0 when /healthz at URL answers and says that these parts are well.

For the health checks of containers: nothing but the standard library, quick to start.
"""

import http.client
import json
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 8
# As a proxy before the portal asks: by a host that every portal answers to, and without being sent on to https.
HEADERS = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}


def is_well(origin: str, parts: Sequence[str]) -> bool:
    """Parts are `database`, `broker`, `worker`. One that /healthz does not know is not well."""
    address = urlsplit(origin)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz", headers=HEADERS)
        said = json.loads(connection.getresponse().read())
        return all(said.get(part) is True for part in parts)
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_well(sys.argv[1], sys.argv[2:]) else 1)
