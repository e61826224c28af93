"""The demonstration: made-up organisations and people at work, so that everybody meets their task in the first hour.

Everything is made by the services that pages use, from the files in `data/`. `loading.load` makes it; `sign_ins` says
who can sign in. All its mailboxes end in `.example`, all its codes begin with X.
"""

from ccp_portal.demonstration.people import PASSWORD, SignIn, sign_in_lines, sign_ins

__all__ = ["PASSWORD", "SignIn", "sign_in_lines", "sign_ins"]
