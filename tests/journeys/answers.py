"""What the council of the journey answers: facts that two councils publish about themselves, restated in our own words.

Sources: the public CCTV dashboard text of North Somerset and the annual review 2021 of Tunbridge Wells. They are not
completed self-assessments; where they say nothing, the answer says so.
"""

# Principle → what is known of it.
FACTS = {
    1: "The cameras are for safety, preventing and detecting crime, reassurance, evidence and enforcement; "
    "the yearly review found that the lawful objectives are still met.",
    2: "Privacy is assessed each year, last on 13 January 2023 and before that on 11 November 2021; "
    "the place of every camera is looked at again.",
    3: "There is a public dashboard and a web page; signs are in place; one complaint was resolved with privacy zones.",
    4: "The responsible officer is named by post.",
    5: "The code of practice is published; its edition is of 2019.",
    6: "Nothing is published about this yet; the period is 31 days and the reason is being written down.",
    7: "Nothing is published about this yet; every disclosure is entered in a register.",
    8: "The former scheme of the Commissioner had certified the system; that scheme is closed.",
    9: "Nothing is published about this, for security; details are held by the control room.",
    10: "The yearly review found that every public-space camera still meets its purpose, and is published.",
    11: "Statistics are published each month, one month in arrears.",
    12: "No reference database is used.",
}

EXPECTED_NO = {4, 60}  # questions of which "no" is the good answer
NO_LICENCE_NEEDED = 30
GAP_AT = 6  # the principle in which the council names a gap and plans an action

ACTION = "Write down why images are kept for 31 days, and have the reason approved"


def choice_for(number: int, *, is_gap: bool, principle: int) -> str:
    """Yes, unless it is one of the questions of which the truth here is no."""
    if is_gap:
        return "Yes" if principle == GAP_AT else "No"
    return "No" if number in EXPECTED_NO or number == NO_LICENCE_NEEDED else "Yes"
