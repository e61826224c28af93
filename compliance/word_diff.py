"""The difference between two texts word by word, for people: what stayed, what went, what came.

Words and the white space between them are compared, so that nothing is lost: the parts that stayed or went make the
text before, those that stayed or came the text after, character by character. Pure; texts are escaped where they are
shown (`templates/components/word_diff.html`).
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]
Difference = list[tuple[Kind, str]]

MOST_CHARACTERS = 20_000  # of both texts together; longer ones are told as a whole replaced by a whole
MOST_PAIRS = 20_000  # equal words of both; beyond that, words that stand everywhere are no landmarks
LEAST_KEPT = 0.25  # of the longer text: below that one was written anew, and scattered words in common only confuse
_PIECES = re.compile(r"\n|[^\S\n]+|[\w'’]+|[^\w\s]")  # a line end, white space, a word, a sign


def word_diff(before: str, after: str) -> Difference:
    """Runs of `same`, `removed` and `added` text in reading order; what was removed stands before what replaced it.

    A text that is the same gives one run, two empty ones give none. Quick for texts up to 4,000 characters each.
    """
    if before == after:
        return [("same", before)] if before else []
    if len(before) + len(after) > MOST_CHARACTERS:
        return _runs([("removed", before), ("added", after)])
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    found: Difference = []
    for tag, i1, i2, j1, j2 in _matcher(old, new).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[i1:i2])))
        else:
            found += [("removed", "".join(old[i1:i2])), ("added", "".join(new[j1:j2]))]
    if _kept(found) < LEAST_KEPT * max(len(before), len(after)):
        return _runs([("removed", before), ("added", after)])
    return _runs(_joined(found))


def _kept(found: Difference) -> int:
    return sum(len(text) for kind, text in found if kind == "same" and not text.isspace())


def _matcher(old: list[str], new: list[str]) -> SequenceMatcher[str]:
    """White space is never a landmark. The time of difflib grows with the pairs of equal words, so those are bounded:
    a text that says one word a thousand times is compared more coarsely.
    """
    counts = Counter(old)
    pairs = sum(counts[word] * number for word, number in Counter(new).items() if not word.isspace())
    if pairs <= MOST_PAIRS:
        return SequenceMatcher(str.isspace, old, new, autojunk=False)
    often = {word for word, number in Counter(new).items() if number * counts[word] > MOST_PAIRS / 200}
    return SequenceMatcher(lambda word: word in often or word.isspace(), old, new, autojunk=False)


def _joined(found: Difference) -> Difference:
    """White space alone between two changes belongs to them: three changed words in a row read as one change."""
    runs: list[tuple[str, str] | str] = []  # a change (what went, what came), or what stayed
    for position, (kind, text) in enumerate(found):
        if kind == "same":
            inside = 0 < position < len(found) - 1 and not text.strip() and "\n" not in text
            runs.append((text, text) if inside else text)
        else:
            runs.append((text, "") if kind == "removed" else ("", text))
    joined: Difference = []
    went = came = ""
    for run in [*runs, ""]:
        if isinstance(run, tuple):
            went, came = went + run[0], came + run[1]
            continue
        joined += [("removed", went), ("added", came), ("same", run)]
        went = came = ""
    return joined


def _runs(found: Difference) -> Difference:
    """Without empty runs, and with neighbours of one kind as one."""
    runs: Difference = []
    for kind, text in found:
        if not text:
            continue
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1] + text)
        else:
            runs.append((kind, text))
    return runs
