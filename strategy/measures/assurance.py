"""Deliverables 5.2 and 5.2b: certificates and signed self-assessments of main systems."""
