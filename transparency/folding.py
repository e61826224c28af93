"""The one way in which names are compared, whoever typed them: in the search, the index of authorities and the map."""

import unicodedata
from functools import lru_cache

APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Small letters and digits, without accents and apostrophes, apart by single blanks: `Ynys Môn` is `ynys mon`."""
    plain = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    letters = (letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).casefold().split())
