"""Self-assessments on their way out and in: as files people can take with them, and as tables they bring."""
