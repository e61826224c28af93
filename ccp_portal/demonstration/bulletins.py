"""A bulletin of the board with two pieces, and a piece of news."""

from accounts.models import Role
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.models import Bulletin
from strategy.services import bulletins

WRITTEN = {
    "title": "What councils and forces do together",
    "title_cy": "Yr hyn y mae cynghorau a heddluoedd yn ei wneud gyda'i gilydd",
    "text": "",
    "text_cy": "",
    "expires_on": None,
}
ITEMS = (
    (
        "An agreement that says who pays",
        "Cytundeb sy'n dweud pwy sy'n talu",
        "Marlbridge and Norwold Constabulary have published theirs, with the figures of the first quarter.",
        "Mae Marlbridge a Norwold Constabulary wedi cyhoeddi eu cytundeb, gyda ffigurau'r chwarter cyntaf.",
        "",
    ),
    (
        "One room for two towns",
        "Un ystafell i ddwy dref",
        "The room of Thornhaven watches for Harrowfen at night. Neither could have kept one open alone.",
        "Mae ystafell Thornhaven yn gwylio dros Harrowfen gyda'r nos. Ni allai'r naill gadw un ar agor heb y llall.",
        "",
    ),
)
NEWS = {
    "title": "How should signs read? Have your say",
    "title_cy": "Sut dylai arwyddion ddarllen? Dweud eich dweud",
    "text": "The Board asks everybody about one wording for signs at cameras.",
    "text_cy": "Mae'r Bwrdd yn gofyn i bawb am un geiriad ar gyfer arwyddion wrth gamerâu.",
}


def make_bulletins(world: World) -> None:
    """By the services that pages use."""
    body, by = world.organisations["board"], world.holder("board", Role.SECRETARY)
    bulletin = bulletins.write(body=body, kind=Bulletin.Kind.BULLETIN, facts=WRITTEN, by=by)
    for item in ITEMS:
        facts = dict(zip(bulletins.ITEM, item, strict=True))
        bulletins.put_item(bulletin=bulletin, facts=facts, by=by)
    news = {**NEWS, "expires_on": add_months(today(), 1)}
    told = bulletins.write(body=body, kind=Bulletin.Kind.NEWS, facts=news, by=by)
    for each in (bulletin, told):
        each.refresh_from_db()
        bulletins.publish(bulletin=each, version=each.version, by=by)
