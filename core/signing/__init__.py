"""Signatures that prove where a document or a statement comes from, and keys that anybody may check them with.

`sign_pdf` and `sign_facts` sign; `check_pdf` and `check_facts` judge, also without a database (`Trust.from_file`).
Workers alone sign PDFs. docs/decisions/signing.md says why it is built so, docs/signing-and-keys.md how it is run.
"""

from core.signing.checking import Fault, PdfCheck, TimeSource, check_pdf
from core.signing.jws import FACTS, SEAL, FactsCheck, check_facts, sign_facts
from core.signing.keys import Keyring, KeysBroken, SigningKey, Withdrawal, keyring, rotate, withdraw
from core.signing.pades import sign_pdf
from core.signing.timestamps import TimeNotTold
from core.signing.trust import Trust, ca_pem, public_keys

__all__ = [
    "FACTS",
    "SEAL",
    "FactsCheck",
    "Fault",
    "Keyring",
    "KeysBroken",
    "PdfCheck",
    "SigningKey",
    "TimeNotTold",
    "TimeSource",
    "Trust",
    "Withdrawal",
    "ca_pem",
    "check_facts",
    "check_pdf",
    "keyring",
    "public_keys",
    "rotate",
    "sign_facts",
    "sign_pdf",
    "withdraw",
]
