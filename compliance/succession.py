"""What becomes of the columns of this app that name an organisation, or of a split a system, in a reorganisation."""

from accounts.passing import SystemColumn, Tie, moves, stays

IN_SYSTEMS = ("systems",)

COLUMNS = (
    moves("compliance.CameraSystem", "operator", "Who runs the cameras from then on.", systems=("pk",)),
    moves("compliance.CameraSystem", "monitored_by", "Who watches the pictures from then on."),
    moves("compliance.Camera", "monitored_by", "Who watches the pictures from then on."),
    moves(
        "compliance.SignedAssessment",
        "operator",
        "Kept by whoever answers for the system; what was signed is not touched.",
        systems=("assessments__system",),
        bequest=True,
    ),
    moves("compliance.Evidence", "operator", "Kept by whoever answers for it.", systems=IN_SYSTEMS, bequest=True),
    moves(
        "compliance.ActionItem",
        "operator",
        "Whoever is there now has to do it.",
        systems=("system", "assessment__system"),
    ),
    moves("compliance.CalendarFeed", "organisation", "The reader's calendar goes on.", person="user__email"),
    moves(
        "compliance.Consultation",
        "organisation",
        "Whoever is there now reads the answers and decides.",
        systems=("cameras__system",),
    ),
    moves(
        "compliance.ConsultationResponse",
        "force",
        "The force's answer can be changed until the last day.",
        areas="consultation__organisation",
        alone=("consultation",),
    ),
    moves("compliance.Dpia", "operator", "In force until it is replaced.", systems=IN_SYSTEMS, bequest=True),
    moves(
        "compliance.EqualityAssessment",
        "operator",
        "In force until it is replaced.",
        systems=("dpia__systems",),
        references=("dpia__reference", "reference"),
        bequest=True,
    ),
    moves(
        "compliance.MadeElsewhere",
        "operator",
        "The record of the document passes on.",
        systems=IN_SYSTEMS,
        references=("evidence__reference", "reference"),
        bequest=True,
    ),
    moves("compliance.EstateAudit", "operator", "What was asked within the authority."),
    moves("compliance.ListMapping", "operator", "How its lists are read.", alone=("shape",)),
    moves("compliance.Referral", "operator", "Whoever is there now answers it.", systems=("camera__system",)),
    moves("compliance.ReferralAddress", "operator", "The form stays where it was open.", alone=()),
    moves("compliance.ControlRoom", "organisation", "The room goes on.", systems=("services__system",)),
    stays("compliance.FinderSearch", "organisation", "A log: for whom somebody looked."),
    stays("compliance.FinderSearch_operators", "organisation", "A log: whose cameras were shown."),
    stays("compliance.PeriodStatistics", "for_organisation", "Figures of a time that is over."),
    moves("compliance.Report", "operator", "A printed report passes on as it is.", systems=("system",)),
)

_WITH_ITS_SYSTEM = "It describes the system."
SYSTEM_COLUMNS = (
    *(
        SystemColumn(f"compliance.{model}", name, Tie.FOLLOWS, _WITH_ITS_SYSTEM)
        for model, name in (
            ("SystemUse", "system"),
            ("ServiceStandard", "system"),
            ("WithheldFact", "system"),
            ("SystemTechnology", "system"),
            ("SystemChange", "record"),
            ("Assessment", "system"),
            ("Camera", "system"),
            ("ActionItem", "system"),
            ("ImportRun", "system"),
            ("OperationalRequirement", "system"),
            ("AnnualReview", "system"),
            ("CountedUnits", "system"),
            ("PeriodStatistics", "system"),
            ("DisclosureCount", "system"),
            ("Report", "system"),
            ("MaintenanceVisit", "system"),
            ("SystemGrant", "system"),
            ("CameraSystemUserObjectPermission", "content_object"),
        )
    ),
    SystemColumn(
        "compliance.Evidence_systems",
        "camerasystem",
        Tie.LOOSENED,
        "A document of one operator is no evidence for the system of another.",
        owner="evidence__operator",
    ),
    SystemColumn(
        "compliance.RoomService",
        "system",
        Tie.STAYS,
        "A room may serve the systems of several operators.",
    ),
    SystemColumn("compliance.Dpia_systems", "camerasystem", Tie.STAYS, "It was signed for these systems."),
    SystemColumn("compliance.MadeElsewhere_systems", "camerasystem", Tie.STAYS, "It was made for these systems."),
    SystemColumn("compliance.EstateFind", "system", Tie.STAYS, "Into which system it was taken up."),
)
