"""Text as services accept it: whatever way it came in, without what nobody can see and no longer than agreed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.forms import refuse_control_characters


def checked_text(text: str, *, limit: int) -> str:
    """`text` with plain line ends and without blanks around it. Raises RuleBroken with a sentence when it is unfit."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > limit:  # first: what is far too long is not looked through
        raise RuleBroken(
            _("The text has %(length)d characters; %(limit)d are allowed. Shorten it.")
            % {"length": len(text), "limit": limit}
        )
    try:
        refuse_control_characters(text)
    except ValidationError as error:
        raise RuleBroken(error.messages[0]) from error
    return text
