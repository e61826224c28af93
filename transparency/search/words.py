"""How texts and queries become comparable: folded letters, words, threes of letters, Welsh mutations, mistakes."""

import re
from collections.abc import Iterator

from transparency.folding import folded

MAX_QUERY = 100
MAX_WORDS = 8
LONGEST_WORD = 40
LONGEST_PHRASE = 100
SHORTEST = 2  # letters that a search asks for
SHORTEST_FORGIVEN = 4  # letters of a word in which a mistake is forgiven
LONG_WORD = 7  # letters from which two mistakes are

# A whole postcode: only its first half is ever published.
POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*\d[a-z]{2}\b")
# What people write before and between names, in both languages: it finds nothing by itself.
FILLERS = frozenset("a an and at by cctv for in near of on the ar ger i o y yr ym yn yng a'r ac i'r o'r".split())  # noqa: SIM905
# Welsh mutations backwards: how a word may begin here, how it begins in a list of names.
MUTATIONS = (
    ("ngh", ("c",)),
    ("ng", ("g",)),
    ("mh", ("p",)),
    ("nh", ("t",)),
    ("ch", ("c",)),
    ("ph", ("p",)),
    ("th", ("t",)),
    ("dd", ("d",)),
    ("m", ("b",)),
    ("n", ("d",)),
    ("g", ("c",)),
    ("b", ("p",)),
    ("d", ("t",)),
    ("f", ("b", "m")),
    ("l", ("ll",)),
    ("r", ("rh", "gr")),
    ("w", ("gw",)),
    ("a", ("ga",)),
    ("e", ("ge",)),
    ("i", ("gi",)),
    ("o", ("go",)),
    ("u", ("gu",)),
    ("y", ("gy",)),
)


def phrase(text: str) -> str:
    return folded(text)[:LONGEST_PHRASE].strip()


def words_of(text: str) -> list[str]:
    """The folded words of a text, each once."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in folded(text).split()))


def asked_phrase(query: str) -> str:
    """What was typed as it is looked for: bounded, folded, postcodes by their first half."""
    text = folded(query[:MAX_QUERY])
    return POSTCODE.sub(r"\1", text)


def asked_words(text: str) -> list[str]:
    """The words to look for in folded text: fillers only where there is nothing else."""
    words = list(dict.fromkeys(word[:LONGEST_WORD] for word in text.split()))
    telling = [word for word in words if word not in FILLERS]
    return (telling or words)[:MAX_WORDS]


def without_fillers(text: str) -> str:
    """Folded text without the fillers before the first telling word: `yng nghaerffili` is `nghaerffili`."""
    words = text.split()
    while len(words) > 1 and words[0] in FILLERS:
        words = words[1:]
    return " ".join(words)


def grams(word: str) -> set[str]:
    """Its threes of letters, with marks for beginning and end."""
    marked = f"^{word}$"
    return {marked[place : place + 3] for place in range(len(marked) - 2)}


def unmutated(word: str) -> Iterator[str]:
    """How a Welsh word may begin before whatever stands in front of it changed it: `nghaerffili` is `caerffili`."""
    for beginning, before in MUTATIONS:
        if word.startswith(beginning):
            yield from (each + word[len(beginning) :] for each in before)


def mistakes_forgiven(word: str) -> int:
    if len(word) < SHORTEST_FORGIVEN or any(letter.isdigit() for letter in word):
        return 0
    return 2 if len(word) >= LONG_WORD else 1


def mistakes(typed: str, meant: str, most: int) -> int:
    """Letters left out, added, wrong or swapped with their neighbour; `most` + 1 for any number above `most`."""
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(meant) + 1))
    for row, letter in enumerate(typed, 1):
        current = [row]
        for column, other in enumerate(meant, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == meant[column - 2] and typed[row - 2] == other
            current.append(min(cost, before[column - 2] + 1) if swapped else cost)
        if min(current) > most:
            return most + 1
        before, last = last, current
    return min(last[-1], most + 1)
