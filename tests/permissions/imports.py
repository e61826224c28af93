"""Rows of the permission table: lists of cameras that are brought in, at each stage, and the lists themselves."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from compliance.models import ImportRun
from compliance.services import imports
from compliance.services.imports import look_again
from compliance.views.import_runs import seen
from tests.factories.compliance import CameraSystemFactory
from tests.permissions.rows import OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
STAGES = ("to confirm", "sorted", "applied")
LIST = b"camera_id,location,area_name,area_code,lon,lat\n1,High Street,Central,E05000001,-2.284777,53.464515\n"


def at(stage: str, **more: Any) -> dict[str, Any]:
    return {"of": "system of lists", "parts": {"run": f"@list {stage}"}, **more}


IMPORTS: list[Row] = [
    *form("compliance:cameras_import", OPERATOR, MANAGERS, of="published system"),
    *page("compliance:import_run", OPERATOR, MANAGERS, 302, **at("to confirm")),
    *page("compliance:import_run", OPERATOR, MANAGERS, **at("sorted")),
    *page("compliance:import_run", OPERATOR, MANAGERS, **at("applied")),
    *form("compliance:import_columns", OPERATOR, MANAGERS, **at("to confirm")),
    *page("compliance:import_columns", OPERATOR, MANAGERS, 302, **at("sorted")),
    *act("compliance:import_columns", OPERATOR, MANAGERS, 409, **at("sorted")),
    *act("compliance:import_accept", OPERATOR, MANAGERS, **at("sorted", sent={"seen": "@what was seen of the list"})),
    *act("compliance:import_accept", OPERATOR, MANAGERS, 409, **at("sorted")),
    *act("compliance:import_accept", OPERATOR, MANAGERS, 409, **at("to confirm")),
    *act("compliance:import_accept", OPERATOR, MANAGERS, **at("applied")),
    *act("compliance:import_columns_again", OPERATOR, MANAGERS, **at("sorted")),
    *act("compliance:import_columns_again", OPERATOR, MANAGERS, 409, **at("applied")),
    *act("compliance:import_discard", OPERATOR, MANAGERS, **at("sorted")),
    *act("compliance:import_discard", OPERATOR, MANAGERS, 409, **at("applied")),
    *page("compliance:import_undo", OPERATOR, MANAGERS, **at("applied")),
    *act("compliance:import_undo", OPERATOR, MANAGERS, **at("applied")),
    *page("compliance:import_undo", OPERATOR, MANAGERS, 409, **at("sorted")),
    *page("compliance:import_problems", OPERATOR, MANAGERS, **at("sorted")),
]


def add_imports(world: "World") -> None:
    """A system of its own, so that what the lists change changes nothing elsewhere."""
    spoc = world.people[Role.SPOC]
    fields: Any = {"operator": world.operator, "status": "active", "complete": True}
    system = world.records["system of lists"] = CameraSystemFactory(**fields)
    for number, stage in enumerate(reversed(STAGES)):
        content = LIST.replace(b"High Street", b"Street %d" % number).replace(b"\n1,", b"\n%d," % number)
        upload = SimpleUploadedFile("cameras.csv", content)
        run = imports.receive_list(system=system, upload=upload, by=spoc)
        if stage != "to confirm":
            run = imports.confirm_columns(run=run, settings=look_again(run).settings, by=spoc)
        if stage == "applied":
            run = imports.accept(run=run, by=spoc, even_ending=True)
        world.words[f"list {stage}"] = run.reference
        if stage == "sorted":
            # The only camera that is there is on the list as well: nothing of it ends.
            ImportRun.objects.filter(pk=run.pk).update(gone=0)
            run.gone = 0
            world.words["what was seen of the list"] = seen(run)
