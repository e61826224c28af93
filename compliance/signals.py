"""What this app tells those above it. Their receivers write in the same transaction, and refuse nothing."""

from django.dispatch import Signal

# Sent with `evidence` inside the transaction that added it, or changed its kind or the systems that it is about.
evidence_described = Signal()
