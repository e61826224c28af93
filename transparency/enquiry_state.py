"""What the pages of one enquiry carry from one to the next: signed, in a hidden field, without cookie or session."""

import datetime as dt
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import QueryDict

from transparency.enquiry_forms import PRINCIPLES
from transparency.models.enquiry import EnquiryKind

SALT = "transparency.enquiry"
QUICKEST = 4  # seconds from the first page to sending: nobody reads and types so fast
OLDEST = 24 * 3600
LONGEST_CAMERA = 60
SLUG = re.compile(r"[-a-z0-9_]{1,80}")
State = dict[str, Any]  # field → what was given; `began` Unix time, `token` of the private address


def begin(query: QueryDict) -> State:
    """From the address of the first page: what it names is filled in, what it gets wrong is left out."""
    state: State = {"began": int(time.time())}
    if query.get("kind") in EnquiryKind.values:
        state["kind"] = query["kind"]
    for name in ("authority", "system"):
        if SLUG.fullmatch(query.get(name, "")):
            state[name] = query[name]
    camera = " ".join(query.get("camera", "").split())
    if 0 < len(camera) <= LONGEST_CAMERA and camera.isprintable():
        state["camera"] = camera
    principle = str(query.get("principle", ""))
    if principle in map(str, PRINCIPLES):
        state["principle"] = int(principle)
    return state


def read(text: str) -> State:
    """Raises BadSignature for what this portal did not make."""
    state: State = signing.loads(text, salt=SALT)
    return state


def written(state: Mapping[str, Any]) -> str:
    return signing.dumps(dict(state), salt=SALT, compress=True)


def with_token(state: State) -> State:
    """With the secret of the private address, made once."""
    return state if "token" in state else {**state, "token": secrets.token_urlsafe(24)}


def too_quick(state: State) -> bool:
    return time.time() - state["began"] < QUICKEST


def too_old(state: State) -> bool:
    return time.time() - state["began"] > OLDEST


def renewed(state: State) -> State:
    """The same, begun long enough ago that it can be sent at once."""
    return {**state, "began": int(time.time()) - QUICKEST}


def plain(cleaned: Mapping[str, Any]) -> State:
    """Values as JSON has them; a day as ISO."""
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in cleaned.items()}


def day_of(state: Mapping[str, Any]) -> dt.date | None:
    return dt.date.fromisoformat(state["day"]) if state.get("day") else None
