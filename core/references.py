"""Human references: short, unambiguous to read aloud, never a primary key."""

import secrets

ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, no 0/1/I/L/O look-alikes


def new_reference(prefix: str, length: int = 7) -> str:
    """A random reference such as `SA-7KQ2M9T`: 28**7 possibilities, unique by the column's constraint."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))
