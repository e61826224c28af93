"""Deliverable 5.1: who gives information about its camera systems."""
