"""The lines of HTML with which a holder shows the mark: a picture with words for those who do not see it, and a link.

No script and no frame: the picture is asked for without a referrer and without cookies, so no visitor is followed.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from certification.models import Certificate

WIDTH, HEIGHT = 560, 200  # of the picture, as transparency draws it


@dataclass(frozen=True)
class Snippet:
    """One way to show the mark. `code` is HTML to be copied."""

    key: str
    label: Promise
    language: str
    code: str
    picture: str


KINDS: tuple[tuple[str, Promise, str, str, str], ...] = (
    ("en", gettext_lazy("In English, on a light page"), "en-gb", "", "mark.svg"),
    ("en-dark", gettext_lazy("In English, on a dark page"), "en-gb", "", "mark-dark.svg"),
    ("cy", gettext_lazy("In Welsh, on a light page"), "cy", "cy/", "mark.svg"),
    ("cy-dark", gettext_lazy("In Welsh, on a dark page"), "cy", "cy/", "mark-dark.svg"),
)


def snippets(certificate: Certificate) -> list[Snippet]:
    """One for each language and paper; none for a certificate that is not in force. Needs `scheme` loaded; no query."""
    if not certificate.is_in_force():
        return []
    return [_snippet(certificate, kind) for kind in KINDS]


def _snippet(certificate: Certificate, kind: tuple[str, Promise, str, str, str]) -> Snippet:
    key, label, language, prefix, picture = kind
    origin = certificate.address.removesuffix(f"certificates/{certificate.reference}/")
    home = f"{origin}{prefix}certificates/{certificate.reference}/"
    with override(language):
        # Never a word on how it stands: the picture changes, this text does not
        words = _("Certificate %(number)s of a certification body. Follow the link to see how it stands today.") % {
            "number": certificate.reference
        }
    code = format_html(
        '<a href="{}" lang="{}" referrerpolicy="no-referrer"><img src="{}" alt="{}" width="{}" height="{}" '
        'loading="lazy" referrerpolicy="no-referrer" style="max-width:100%;height:auto"></a>',
        home,
        language[:2],
        f"{home}{picture}",
        words,
        WIDTH,
        HEIGHT,
    )
    return Snippet(key, label, language[:2], str(code), f"{home}{picture}")
