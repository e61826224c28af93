"""The public read-only API, version 1: what is published, as JSON, asked for in pages and by filters."""
