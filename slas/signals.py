"""What this app tells those above it. Their receivers only promise work."""

from django.dispatch import Signal

# Sent with `agreement` inside the transaction that completed, replaced or ended it, stored its document, changed its
# redactions or its published figures.
agreement_changed = Signal()
