"""How a refusal of a service comes back on the page of the form."""

from core.errors import IllegalMove, Incomplete, RuleBroken
from core.forms import GovukForm


def refused(form: GovukForm, refusal: RuleBroken, field: str | None = None) -> int:
    """Put the refusal on the form, and return 422: all that is missing above it, a broken rule at `field` if one is
    named. A wrong state goes on to its own page.
    """
    if isinstance(refusal, IllegalMove):
        raise refusal
    if isinstance(refusal, Incomplete):
        for problem in refusal.problems:
            form.add_error(None, str(problem.text))
    else:
        form.add_error(field, str(refusal.sentence))
    return 422
