"""What waits in the upkeep of cameras, for the people of their operator and for those whom it granted a system."""

from compliance.views.entrusted import entrusted_to
from compliance.waiting_upkeep import faults_to_repair
from core.registry import entrusted, waiting

entrusted.plug(entrusted_to)
waiting.plug(faults_to_repair)
