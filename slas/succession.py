"""What becomes of the columns of this app that name an organisation, or of a split a system, in a reorganisation.

The party passes on. Texts, signatures and what was said while they were negotiated go on to name whoever it was.
"""

from accounts.passing import SystemColumn, Tie, moves, stays

_SYSTEMS = ("agreement__systems",)
_AREA = "agreement__parties__organisation"
_PARTIES = "parties__organisation"
_OF_AGREEMENT = ("agreement__reference",)
_SAID = "Who said it then."

COLUMNS = (
    moves("slas.Agreement", "opened_by", "The opener is a party.", systems=("systems",), areas=_PARTIES),
    moves("slas.Agreement", "notice_by", "Notice can be taken back.", systems=("systems",), areas=_PARTIES),
    moves(
        "slas.AgreementParty",
        "organisation",
        "The successor is party; text and signatures stay as they are.",
        systems=_SYSTEMS,
        areas=_AREA,
        alone=("agreement",),
        references=_OF_AGREEMENT,
        bequest=True,
    ),
    stays("slas.ClauseRevision", "organisation", _SAID),
    stays("slas.ClauseMove", "organisation", _SAID),
    moves(
        "slas.PrivateNote",
        "organisation",
        "Notes of a party are read by the party.",
        systems=_SYSTEMS,
        areas=_AREA,
        references=_OF_AGREEMENT,
    ),
    stays("slas.TextConfirmation", "organisation", _SAID),
    moves(
        "slas.PerformanceReturn",
        "organisation",
        "Returns belong to the party.",
        systems=_SYSTEMS,
        areas=_AREA,
        alone=("agreement", "starts_on", "ends_on"),
        references=_OF_AGREEMENT,
    ),
    stays("slas.ReturnComment", "organisation", _SAID),
    stays("slas.AgreementText", "voided_by", _SAID),
    stays("slas.Redaction", "organisation", _SAID),
    stays("slas.ConfirmedUnchanged", "organisation", _SAID),
    stays(
        "slas.NoAgreement",
        "council",
        "What a council that ended said of its own area; the successor speaks for itself.",
    ),
    stays("slas.NoAgreement", "force", "What was said about a force that ended."),
    stays("slas.NoAgreement", "declared_for", _SAID),
)

SYSTEM_COLUMNS = (
    SystemColumn(
        "slas.Agreement_systems", "camerasystem", Tie.STAYS, "The text names these systems; the parties change it."
    ),
)
