"""What goes to and fro in a review under way: a clarification that was answered, a finding with its answer."""

from accounts.models import User
from certification.models import StepReview
from certification.services import clarifications, findings

CRITERION = "P01.C1"
SUBJECT = "Date of the statement of purpose"
QUESTION = "The answer names a statement of purpose. On which day was it approved, and by whom?"
ANSWER = "By the cabinet member for communities. The minutes of the meeting give the day; we send them this week."
FOUND = "The statement of purpose that was submitted carries no date and does not say who approved it."
RESTS_ON = "The answer to question 1 and the code of practice."
CAUSE = "The template of the statement had no line for the approval."
DONE = "The template has such a line now, and the statement is laid before the cabinet member again."


def make_talk(review: StepReview, *, auditor: User, spoc: User) -> None:
    """Two threads of a review, each waiting for the auditor."""
    application = review.application
    criterion = application.scheme.criteria.get(key=CRITERION)
    thread = clarifications.ask(review=review, criterion=criterion, subject=SUBJECT, text=QUESTION, by=auditor)
    clarifications.reply(clarification=thread, text=ANSWER, organisation=application.operator, by=spoc)
    finding = findings.raise_finding(
        review=review, criterion=criterion, class_key="minor", text=FOUND, evidence=RESTS_ON, by=auditor
    )
    findings.respond(finding=finding, text=DONE, cause=CAUSE, by=spoc)
