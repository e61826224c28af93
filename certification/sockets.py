"""What this app plugs into the sockets of `core.registry`."""
