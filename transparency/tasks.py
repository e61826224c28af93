"""Jobs of this app: thin, ids in, one service out."""
