"""Deliverables 5.4 and 5.5: agreements between councils and police that are in force and published."""
