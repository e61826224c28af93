"""Impact assessments at each stage, made through the services as people make them."""

from typing import Any

from accounts.models import Role, User
from compliance.dpia_form import CHARACTERISTICS, PARTS, Kind
from compliance.models import CameraSystem, Dpia, EqualityAssessment
from compliance.services import dpia_parts, dpias, equality
from tests.factories.accounts import UserFactory, member
from tests.factories.compliance import CameraFactory, CameraSystemFactory

SIGNED = {"typed_name": "Sam Rivers", "post": "Director of Place", "password_checked": True}


def sro_of(dpia: Dpia) -> User:
    return member(dpia.operator, Role.SRO)


def answers_of(part: Any) -> dict[str, Any]:
    """Something for each question of a part."""
    made: dict[str, Any] = {}
    for field in part.fields:
        if field.kind == Kind.MANY:
            made[field.key] = ["public_monitoring"]
        elif field.choices:
            made[field.key] = field.choices[0][0]
        else:
            made[field.key] = "no" if field.kind == Kind.YES_NO else f"About {field.key}."
    return made


def draft_dpia(
    system: CameraSystem | None = None, *, cameras: int = 2, residual: str = "low", **different: Any
) -> Dpia:
    """A draft with everything that is asked before advice; consulted stays empty."""
    system = system or CameraSystemFactory()
    by = UserFactory()
    covered = CameraFactory.create_batch(cameras, system=system, location="High Street", camera_type="dome")
    values = {"operator": system.operator, "title": "Cameras of the town centre", "systems": [system]} | different
    dpia = dpias.screen(by=by, **values)
    dpias.begin(dpia=dpia, by=by)
    dpia_parts.cover(
        dpia=dpia, systems=[system], whole=not covered, cameras=covered, as_written="", version=dpia.version, by=by
    )
    for part in PARTS:
        if part.key != "consultation":
            dpia_parts.save_part(dpia=dpia, part=part.key, values=answers_of(part), version=dpia.version, by=by)
    row = {"category": "town_centre", "camera_type": "dome", "count": max(cameras, 1), "level": "medium"}
    dpia_parts.save_matrix(dpia=dpia, rows=[row], version=dpia.version, by=by)
    dpia_parts.save_risk(
        dpia=dpia,
        number=None,
        source="Operators look into homes.",
        likelihood="possible",
        severity="significant",
        measure="Privacy zones.",
        residual=residual,
        version=dpia.version,
        by=by,
    )
    return dpia


def waiting_dpia(system: CameraSystem | None = None, **different: Any) -> Dpia:
    """With the data protection officer."""
    dpia = draft_dpia(system, **different)
    dpias.ask_advice(dpia=dpia, by=UserFactory())
    return dpia


def advised_dpia(system: CameraSystem | None = None, **different: Any) -> Dpia:
    dpia = waiting_dpia(system, **different)
    dpias.advise(dpia=dpia, text="Go ahead with the privacy zones.", by=UserFactory())
    return dpia


def ready_dpia(system: CameraSystem | None = None, **different: Any) -> Dpia:
    """The advice is followed, people were asked: the SRO can sign; with a high risk left it has stopped before."""
    dpia = advised_dpia(system, **different)
    dpias.answer_advice(dpia=dpia, followed=True, reason="", by=UserFactory())
    if dpia.status == Dpia.Status.CONSULTATION:
        said = {"consulted": "The police and forty residents: most agree."}
        dpia_parts.save_part(dpia=dpia, part="consultation", values=said, version=dpia.version, by=UserFactory())
    return dpia


def signed_dpia(system: CameraSystem | None = None, **different: Any) -> Dpia:
    dpia = ready_dpia(system, **different)
    dpias.sign_off(dpia=dpia, by=sro_of(dpia), **SIGNED)
    return dpia


def written_equality(dpia: Dpia) -> EqualityAssessment:
    """A draft with everything that is asked."""
    by = UserFactory()
    made = equality.start(dpia=dpia, by=by)
    for key in CHARACTERISTICS:
        equality.save_group(
            equality=made, characteristic=key, effect=f"On {key}.", measure="Watched.", version=made.version, by=by
        )
    equality.save_rest(
        equality=made,
        accuracy="Tested in May 2026: no difference found.",
        involved="The disability forum.",
        conclusion="It can be used.",
        version=made.version,
        by=by,
    )
    return made


def signed_equality_of(dpia: Dpia) -> EqualityAssessment:
    made = written_equality(dpia)
    equality.sign_off(equality=made, by=sro_of(dpia), **SIGNED)
    return made
