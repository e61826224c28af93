"""How often somebody may ask: counted in the cache, by the minute or whatever time is given."""

import hashlib
import time

from django.core.cache import cache


def within(name: str, who: str, *, most: int, seconds: int = 60) -> bool:
    """Count one more request of `who` for `name`; whether that is still at most `most` in the running `seconds`.

    Only a hash of `who` is kept: it may be a secret. While the cache forgets, nobody is kept waiting.
    """
    asked_by = hashlib.sha256(who.encode()).hexdigest()
    key = f"limit:{name}:{asked_by}:{int(time.time() // seconds)}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it was forgotten between the two
        return True
