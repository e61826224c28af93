"""What becomes of the columns of this app that name an organisation, or of a split a system, in a reorganisation.

Certification bodies are not reorganised here: whoever certified goes on to be named.
"""

from accounts.passing import SystemColumn, Tie, moves, stays

_BODY = "A certification body is not reorganised by this act."
_AS_SENT = "It was submitted, audited or printed for these systems."

COLUMNS = (
    stays("certification.SchemeBody", "body", _BODY),
    moves("certification.Application", "operator", "Whoever is there now answers the auditor.", systems=("systems",)),
    stays("certification.Application", "body", _BODY),
    moves(
        "certification.Certificate",
        "operator",
        "The successor holds it; the printed name stays as it was.",
        systems=("systems",),
        bequest=True,
    ),
    stays("certification.Certificate", "body", _BODY),
    stays("certification.MatterFile", "organisation", "Who sent the file."),
    stays("certification.ClarificationMessage", "organisation", "Who wrote the message."),
    stays("certification.Competence", "body", _BODY),
    stays("certification.Interest", "body", _BODY),
    stays("certification.Interest", "operator", "For whom the auditor worked; ties reach successors by themselves."),
    stays("certification.Transfer", "body", _BODY),
)

SYSTEM_COLUMNS = (
    SystemColumn("certification.Application_systems", "camerasystem", Tie.STAYS, _AS_SENT),
    SystemColumn("certification.Certificate_systems", "camerasystem", Tie.STAYS, _AS_SENT),
    SystemColumn("certification.Clarification", "system", Tie.STAYS, _AS_SENT),
    SystemColumn("certification.Finding_systems", "camerasystem", Tie.STAYS, _AS_SENT),
    SystemColumn("certification.CameraSample", "system", Tie.STAYS, _AS_SENT),
)
