"""The CCTV Compliance Portal: settings, addresses and processes; the only package that knows every app.

Nothing is imported here: the launcher and `environment` must run where nothing is installed yet.
"""
