"""Who may do what in groups. Whoever reads a group is said by `Group.objects.open_to`."""

from accounts.models import Role, User
from accounts.policy import allows
from strategy.models.groups import Group, GroupMembership
from strategy.models.meetings import GroupAction


@allows("strategy.keep_group")
def may_keep_group(user: User, group: Group) -> bool:
    """Members, meetings, minutes and actions: the secretary of the body that keeps the group."""
    return user.holds(Role.SECRETARY, at=group.body_id)


@allows("strategy.tell_of_group_action")
def may_tell_of_action(user: User, action: GroupAction) -> bool:
    """The people of its owner, and the secretary."""
    keeps = user.holds(Role.SECRETARY, at=action.meeting.group.body_id)
    return keeps or action.owner_id in user.organisation_ids()


@allows("strategy.speak_for_seat")
def may_speak_for_seat(user: User, seat: GroupMembership) -> bool:
    """Declares interests: the people of its organisation, and the secretary."""
    return seat.organisation_id in user.organisation_ids() or user.holds(Role.SECRETARY, at=seat.group.body_id)
