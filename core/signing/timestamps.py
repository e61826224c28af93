"""The adapter to an authority that tells the time (RFC 3161) over HTTP. Off unless SIGNING_TSA_URL is set."""

import functools
import urllib.request
from typing import Any

LARGEST_ANSWER = 100_000  # bytes
PATIENCE_SECONDS = 10


class TimeNotTold(OSError):
    """The authority gave no time. Nothing is signed; the job tries again."""


@functools.cache
def time_stamper(url: str) -> Any:
    """pyHanko's client for the authority at `url`. Kept: each new one asks once for a time of nothing."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class Authority(TimeStamper):  # type: ignore[misc, unused-ignore]
        async def async_request_tsa_response(self, req: Any) -> Any:
            return tsp.TimeStampResp.load(_ask(url, req.dump()))

    return Authority()


def _ask(url: str, question: bytes) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise TimeNotTold("SIGNING_TSA_URL is no address of the web")
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, data=question, headers=headers, method="POST")  # noqa: S310  (see above)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            if answer.headers.get_content_type() != "application/timestamp-reply":
                raise TimeNotTold(f"{url} answers something that is no time stamp")
            content: bytes = answer.read(LARGEST_ANSWER)
            return content
    except OSError as error:
        raise TimeNotTold(f"{url} does not answer: {error}") from error
