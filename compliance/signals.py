"""What this app tells those above it. Their receivers write in the same transaction, and refuse nothing."""

from django.dispatch import Signal

# Sent with `evidence` inside the transaction that added it, or changed its kind or the systems that it is about.
evidence_described = Signal()

# Sent with `consultation` and `by` inside the transaction that opened, concluded or withdrew it, or that changed which
# answers may be shown of one that is concluded.
consultation_changed = Signal()
