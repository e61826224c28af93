"""What this app tells those above it. Their receivers only promise work."""

from django.dispatch import Signal

# Sent with `certificate` inside the transaction that issued it, changed its status or stored its document.
certificate_changed = Signal()

# Sent with `scheme` inside the transaction that set the day from which it is closed.
scheme_closed = Signal()
