"""The fixed words of the printed certificate in English and Welsh.

They stand here and not in the catalogue of the pages: what a certificate says changes with this file alone, and both
languages are read side by side.
"""

from collections.abc import Mapping
from typing import NamedTuple

from certification.models import Verdict
from certification.models.scheme import Aim


class Words(NamedTuple):
    en: str
    cy: str = ""


CERTIFICATE = Words("Certificate", "Tystysgrif")
BODY = Words("Certification body", "Corff ardystio")
KINDS: Mapping[str, Words] = {
    Aim.DESKTOP: Words("Certificate of desktop assurance", "Tystysgrif sicrwydd wrth ddesg"),
    Aim.FULL: Words("Certificate of full assurance", "Tystysgrif sicrwydd llawn"),
}
CERTIFIES: Mapping[str, Words] = {
    Aim.DESKTOP: Words(
        "certifies that it concluded its desktop review of the surveillance camera systems named below on {reviewed}, "
        "and that on {issued} it decided to issue this certificate to",
        "sy'n tystio iddo gwblhau ei adolygiad wrth ddesg o'r systemau camerâu gwyliadwriaeth a enwir isod ar "
        "{reviewed}, ac iddo benderfynu ar {issued} gyhoeddi'r dystysgrif hon i",
    ),
    Aim.FULL: Words(
        "certifies that it concluded its audit of the surveillance camera systems named below on {reviewed}, "
        "and that on {issued} it decided to issue this certificate to",
        "sy'n tystio iddo gwblhau ei archwiliad o'r systemau camerâu gwyliadwriaeth a enwir isod ar "
        "{reviewed}, ac iddo benderfynu ar {issued} gyhoeddi'r dystysgrif hon i",
    ),
}
UNDER = Words("under the scheme", "o dan y cynllun")
MEANINGS: Mapping[str, Words] = {
    Aim.DESKTOP: Words(
        "Step 1, desktop: an auditor of the certification body reviewed the operator's signed self-assessment and the "
        "documents submitted with it against each criterion of the scheme. The cameras, the control room and the daily "
        "work were not visited.",
        "Cam 1, wrth ddesg: adolygodd archwilydd y corff ardystio hunanasesiad llofnodedig y gweithredwr, a'r "
        "dogfennau a gyflwynwyd gydag ef, yn erbyn pob un o feini prawf y cynllun. Nid ymwelwyd â'r camerâu, yr "
        "ystafell reoli na'r gwaith o ddydd i ddydd.",
    ),
    Aim.FULL: Words(
        "Steps 1 and 2: an auditor of the certification body reviewed the operator's signed self-assessment and the "
        "documents submitted with it against each criterion of the scheme, and visited the operator to see the "
        "cameras, the control room and the daily work.",
        "Camau 1 a 2: adolygodd archwilydd y corff ardystio hunanasesiad llofnodedig y gweithredwr, a'r dogfennau a "
        "gyflwynwyd gydag ef, yn erbyn pob un o feini prawf y cynllun, ac ymwelodd â'r gweithredwr i weld y camerâu, "
        "yr ystafell reoli a'r gwaith o ddydd i ddydd.",
    ),
}
FOUND = Words("Of {total} criteria the auditor judged {list}.", "Barn yr archwilydd ar {total} o feini prawf: {list}.")
GRADES: Mapping[str, Words] = {
    Verdict.Grade.MET: Words("met", "wedi'u bodloni"),
    Verdict.Grade.PARTLY: Words("partly met", "wedi'u bodloni'n rhannol"),
    Verdict.Grade.NOT_MET: Words("not met", "heb eu bodloni"),
    Verdict.Grade.NOT_APPLICABLE: Words("found not to apply", "heb fod yn berthnasol"),
}
AND = Words("and", "a")

NUMBER = Words("Certificate number", "Rhif y dystysgrif")
IN_PLACE_OF = Words("In place of", "Yn lle")
REVIEWED = Words("Review concluded", "Cwblhawyd yr adolygiad")
ISSUED = Words("Decided and issued", "Penderfynwyd a chyhoeddwyd")
EDITION = Words("Edition of the Code", "Argraffiad o'r Cod")
VALID_FROM = Words("Valid from", "Yn ddilys o")
VALID_UNTIL = Words("Valid until", "Yn ddilys hyd")
NO_END = Words("No fixed end", "Dim diwedd penodol")
NEXT_REVIEW = Words("Next review due", "Adolygiad nesaf erbyn")
ACCREDITATION = Words("Accreditation number", "Rhif achredu")
NOT_KNOWN = Words("Not known", "Ddim yn hysbys")

CHECK = Words(
    "Whether this certificate is in force today stands here:",
    "Yma y gwelir a yw'r dystysgrif hon mewn grym heddiw:",
)
QR_ALT = Words("QR code that opens {address}", "Cod QR sy'n agor {address}")
SCOPE = Words("Scope", "Cwmpas")
SITES = Words("Sites:", "Safleoedd:")
DONE = Words("What was done and found", "Yr hyn a wnaed ac a ganfuwyd")
SYSTEMS = Words("Camera systems", "Systemau camerâu")
SYSTEM = Words("System", "System")
TECHNOLOGIES = Words("Technologies", "Technolegau")
CAMERAS = Words("Cameras", "Camerâu")
COUNTED_ON = Words("Counted on", "Cyfrifwyd ar")
NOT_RECORDED = Words("Not recorded", "Heb ei gofnodi")

TERMS = Words("Terms on which it is held", "Y telerau y'i delir oddi tanynt")
LIMITS = Words("What this certificate is not", "Yr hyn nad yw'r dystysgrif hon")
NOT_THE_COMMISSIONERS = Words(
    "It is not a certificate of the Surveillance Camera Commissioner's scheme, which closed on 19 November 2025.",
    "Nid tystysgrif o dan gynllun y Comisiynydd Camerâu Gwyliadwriaeth ydyw. Caeodd y cynllun hwnnw ar 19 Tachwedd "
    "2025.",
)
NOT_GOVERNMENT = Words("It is not endorsed by government.", "Nid yw wedi'i chymeradwyo gan y llywodraeth.")
ACCREDITED = Words(
    "The certification body has recorded an accreditation for this scheme under the number given above; ask the "
    "accreditation body whether it is current.",
    "Mae'r corff ardystio wedi cofnodi achrediad ar gyfer y cynllun hwn o dan y rhif uchod; gofynnwch i'r corff "
    "achredu a yw'n gyfredol.",
)
NOT_ACCREDITED = Words(
    "It is not accredited by UKAS: no accreditation number is recorded.",
    "Nid yw wedi'i hachredu gan UKAS: nid oes rhif achredu wedi'i gofnodi.",
)
NOT_THE_LAW = Words(
    "It says what was found on the dates above, not whether the law is met, and it is not legal advice.",
    "Mae'n dweud beth a ganfuwyd ar y dyddiadau uchod, nid a yw'r gyfraith wedi'i bodloni, ac nid cyngor cyfreithiol "
    "ydyw.",
)
SCHEME_SAYS = Words("The scheme says of itself:", "Mae'r cynllun yn dweud amdano'i hun:")
SIGNED = Words("How it is signed", "Sut y'i llofnodwyd")
SIGNED_BY = Words(
    "The portal at {origin} signs this document electronically for the certification body named above, and keeps its "
    "hash in the register.",
    "Mae'r porth yn {origin} yn llofnodi'r ddogfen hon yn electronig ar ran y corff ardystio a enwir uchod, ac yn cadw "
    "ei stwnsh yn y gofrestr.",
)
OWN_TIME = Words(
    "The time in the signature is the portal's own: no timestamp authority vouches for it.",
    "Amser y porth ei hun sydd yn y llofnod: nid oes awdurdod stamp amser yn ei warantu.",
)
AUTHORITYS_TIME = Words(
    "A timestamp authority vouches for the time in the signature.",
    "Mae awdurdod stamp amser yn gwarantu'r amser yn y llofnod.",
)
DATA = Words(
    "The same facts, signed as data, are attached to this file.",
    "Mae'r un ffeithiau, wedi'u llofnodi ar ffurf data, wedi'u hatodi i'r ffeil hon.",
)
FOOT = Words("Certificate {number}, issued by {body}", "Tystysgrif {number}. Cyhoeddwyd gan: {body}")
DEMONSTRATION = Words(
    "Demonstration: made-up data. This document certifies nothing.",
    "Arddangosiad: data dychmygol. Nid yw'r ddogfen hon yn ardystio dim.",
)
