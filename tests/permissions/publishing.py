"""Who may do what at the addresses of publishing a system and its answers."""

from accounts.models import Role
from tests.permissions.rows import BODY, OPERATOR, Row, act, form, page

SPOC = {Role.SPOC}
REASON = {"reason": "For this reason."}
NO_REASON = {"public-1": "no", "reason-1": ""}

PUBLISHING: list[Row] = [
    *page("publishing:publications", OPERATOR),
    *page("publishing:publications", BODY, (), refused=404),
    *page("publishing:system", OPERATOR, of="published system"),
    *page("publishing:system", OPERATOR, of="draft system"),
    *page("publishing:preview", OPERATOR, of="draft system", parts={"language": "en"}),
    *page("publishing:preview", OPERATOR, of="published system", parts={"language": "cy"}),
    *page("publishing:preview", OPERATOR, (), of="published system", parts={"language": "fr"}, refused=404),
    *page("publishing:publish", OPERATOR, SPOC, of="published system"),
    *act("publishing:publish", OPERATOR, SPOC, of="published system"),
    *act("publishing:publish", OPERATOR, SPOC, 422, of="draft system"),
    *form("publishing:withdraw", OPERATOR, SPOC, of="published system"),
    *act("publishing:withdraw", OPERATOR, SPOC, of="published system", sent=REASON),
    *page("publishing:withdraw", OPERATOR, (), of="draft system", refused=404),
    *page("publishing:answers", OPERATOR, of="system with public answers"),
    *page("publishing:answers", OPERATOR, of="draft system"),
    *act("publishing:answers", OPERATOR, SPOC, of="system with public answers"),
    *act("publishing:answers", OPERATOR, SPOC, 422, of="system with public answers", sent=NO_REASON),
    *act("publishing:answers", OPERATOR, SPOC, 404, of="draft system"),
    *page("publishing:answers_preview", OPERATOR, of="system with public answers", parts={"language": "cy"}),
    *page("publishing:answers_preview", OPERATOR, (), of="draft system", parts={"language": "en"}, refused=404),
    *page("publishing:answers_publish", OPERATOR, SPOC, of="system with public answers"),
    *page("publishing:answers_publish", OPERATOR, SPOC, 404, of="draft system"),
    *act("publishing:answers_publish", OPERATOR, SPOC, of="system with public answers"),
    *form("publishing:answers_withdraw", OPERATOR, SPOC, of="system with public answers"),
    *act("publishing:answers_withdraw", OPERATOR, SPOC, of="system with public answers", sent=REASON),
    *page("publishing:answers_withdraw", OPERATOR, (), of="draft system", refused=404),
]
