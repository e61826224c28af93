"""Human references: short, unambiguous to read aloud, never a primary key."""

import os
import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, no 0/1/I/L/O look-alikes
# A random byte names a letter; those beyond the last whole turn of the alphabet are thrown away.
TURNS = 256 // len(ALPHABET) * len(ALPHABET)
LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
TOO_LARGE = bytes(range(TURNS, 256))


def new_reference(prefix: str, length: int = 7) -> str:
    """A random reference such as `SA-7KQ2M9T`: 28**7 possibilities, unique by the column's constraint."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_references(prefix: str, number: int, length: int = 7) -> list[str]:
    """So many random references, each other than the rest: for records that are made in bulk."""
    found: dict[str, None] = {}
    while len(found) < number:
        wanted = (number - len(found)) * length
        letters = os.urandom(wanted + wanted // 32 + 64).translate(LETTERS, TOO_LARGE).decode("ascii")
        last = min(len(letters), wanted) - length + 1
        found.update((f"{prefix}-{letters[at : at + length]}", None) for at in range(0, last, length))
    return list(found)
