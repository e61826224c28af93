"""How a refusal of a service comes back on the page of the form."""

from core.errors import IllegalMove, Incomplete, RuleBroken
from core.forms import GovukForm


def refused(form: GovukForm, refusal: RuleBroken) -> int:
    """Put the sentences of the refusal on the form; returns 422. A wrong state goes on to its own page."""
    if isinstance(refusal, IllegalMove):
        raise refusal
    sentences = [p.text for p in refusal.problems] if isinstance(refusal, Incomplete) else [refusal.sentence]
    for sentence in sentences:
        form.add_error(None, str(sentence))
    return 422
