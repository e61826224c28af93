"""Deliverable 5.3: who has named a SPOC, told the managers' association, and published the details."""
