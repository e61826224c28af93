"""What a look reports: the kind of leak, and which."""

Found = tuple[str, str]
