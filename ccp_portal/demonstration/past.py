"""Two certificates of the closed scheme, recorded for the history as a portal that takes over an old list has them."""

from certification.models import CertificationScheme
from certification.services.recording import record_certificates

SCHEME = "scc-tpc"
SOURCE = "a made-up list of former certificates, for demonstration"
LIST = """number,organisation,body,step,scope,issued,valid from,valid until,systems
DEMO/2018/0031,Kelderwick,Beaconhurst Assurance,full,Public space cameras,04/06/2018,04/06/2018,03/06/2023,CCTV
DEMO-0107,Harrowfen,Beaconhurst Assurance,desktop,,,,,CCTV; ANPR
"""


def record_past() -> None:
    record_certificates(scheme=CertificationScheme.objects.get(key=SCHEME), text=LIST, source=SOURCE, by=None)
