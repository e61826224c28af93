"""What those who look after a system without belonging to its operator find on their first page."""

from compliance.views.entrusted import entrusted_to
from core.registry import entrusted

entrusted.plug(entrusted_to)
