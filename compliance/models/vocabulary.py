"""Controlled words of the field that several tables use (domain 7.2-7.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Technology(models.TextChoices):
    """What a surveillance camera system consists of (PoFA 2012 s.29(6))."""

    CCTV = "cctv", _("CCTV")
    ANPR = "anpr", _("automatic number plate recognition (ANPR)")
    BWV = "bwv", _("body-worn video")
    DRONE = "drone", _("drones")
    OTHER = "other", _("other cameras")


class Purpose(models.TextChoices):
    """Purposes as councils publish them (domain 7.4)."""

    CRIME_PREVENTION = "crime_prevention", _("preventing crime")
    CRIME_DETECTION = "crime_detection", _("detecting crime")
    PUBLIC_SAFETY = "public_safety", _("public safety")
    FEAR_OF_CRIME = "fear_of_crime", _("reducing the fear of crime")
    PROSECUTION_EVIDENCE = "prosecution_evidence", _("evidence for prosecutions")
    COUNTER_TERRORISM = "counter_terrorism", _("countering terrorism")
    ASB = "asb", _("dealing with anti-social behaviour")
    PROPERTY_PROTECTION = "property_protection", _("protecting property")
    TRAFFIC_MANAGEMENT = "traffic_management", _("managing traffic")
    ENVIRONMENTAL_ENFORCEMENT = (
        "environmental_enforcement",
        _("environmental enforcement"),
    )
    EVENT_SAFETY = "event_safety", _("safety at events")
    EMERGENCY_SUPPORT = "emergency_support", _("supporting emergency services")
    MISSING_PERSONS = "missing_persons", _("finding missing people")
    STAFF_SAFETY = "staff_safety", _("safety of staff")
    PARKING_ENFORCEMENT = "parking_enforcement", _("parking enforcement")


class LegalBasis(models.TextChoices):
    """UK GDPR Article 6 and the law-enforcement regime, as far as cameras use them (domain 1.5)."""

    PUBLIC_TASK = "public_task", _("public task, UK GDPR Article 6(1)(e)")
    LEGAL_OBLIGATION = (
        "legal_obligation",
        _("legal obligation, UK GDPR Article 6(1)(c)"),
    )
    LEGITIMATE_INTERESTS = (
        "legitimate_interests",
        _("legitimate interests, UK GDPR Article 6(1)(f)"),
    )
    VITAL_INTERESTS = "vital_interests", _("vital interests, UK GDPR Article 6(1)(d)")
    LAW_ENFORCEMENT = (
        "law_enforcement",
        _("law enforcement, Data Protection Act 2018 Part 3"),
    )


class Fact(models.TextChoices):
    """Facts of a system that decide which questions apply (domain 3.5)."""

    BIOMETRICS = (
        "biometrics",
        _("biometric recognition, such as facial recognition, is used"),
    )
    JOINT = "joint", _("the system is owned or run jointly with others")
    NETWORKED = "networked", _("the system is connected to a wider network or intranet")
    REFERENCE_DATABASE = (
        "reference_database",
        _("images or number plates are compared with a reference database"),
    )


class DocumentKind(models.TextChoices):
    """Kinds of evidence that are asked for by name (domain 4.3)."""

    CODE_OF_PRACTICE = "code_of_practice", _("code of practice")
    PROCEDURES_MANUAL = "procedures_manual", _("procedures manual")
    SHARING_AGREEMENT = (
        "information_sharing_agreement",
        _("information sharing agreement"),
    )
    DPIA = "dpia", _("data protection impact assessment (DPIA)")
    OPERATIONAL_REQUIREMENT = "operational_requirement", _("operational requirement")
    TRAINING_RECORD = "training_record", _("training record")
    ANNUAL_REPORT = "annual_report", _("annual report or review")
    LICENCE = "licence", _("licence, such as of the Security Industry Authority")
    CONTRACT = "contract", _("contract or maintenance agreement")
    DISCLOSURE_SUMMARY = "disclosure_summary", _("summary of disclosures, counts only")
    SIGN_SURVEY = "sign_survey", _("survey of signs")
    MAINTENANCE_RECORD = "maintenance_record", _("maintenance record")
    OTHER = "other", _("other document")
