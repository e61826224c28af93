"""Deliverable 5.6: the kinds of bodies that are represented in the working group."""
