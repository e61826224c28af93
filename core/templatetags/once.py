"""What is the same on many pages is drawn once: names, addresses and pictures change with a release only."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_DRAWN = 1000  # of one place in a template


class OnceNode(Node):
    """Drawn at its first use in each language and with each of the values that it is given, with nothing else of the
    page in sight; then kept by the process.
    """

    def __init__(self, nodelist: NodeList, given: Mapping[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.given = given
        self.drawn: dict[object, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.given.items()}
        key = (get_language(), *map(_read, values.values()))
        drawn = self.drawn.get(key)
        if drawn is None:
            if len(self.drawn) >= MOST_DRAWN:
                self.drawn.clear()
            drawn = self.drawn[key] = self.nodelist.render(context.new(values))
        return drawn


def _read(value: Any) -> object:
    """What a template reads in a value: equal for two only where nothing that is drawn of them can differ. Raises
    TypeError for a value that is not plain, such as a record, which may change and stay the same record.
    """
    if isinstance(value, list | tuple):
        return (list, *map(_read, value))
    if isinstance(value, dict):
        return (dict, *((name, _read(one)) for name, one in value.items()))
    if isinstance(value, Promise):
        return (str, str(value))
    if value is None or isinstance(value, str | int):
        return (type(value), value)  # text that is safe is not drawn as the same text that is not
    raise TypeError(f"a part that is drawn once cannot depend on a {type(value).__name__}")


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """`{% once %}…{% endonce %}` around what depends on the language alone; `{% once with sections title %}…` around
    what depends on these as well: plain values that many pages share.
    """
    _name, *given = token.split_contents()
    if given[:1] not in ([], ["with"]) or given == ["with"]:
        raise template.TemplateSyntaxError("once takes nothing, or `with` and the names of what it depends on")
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, {name: parser.compile_filter(name) for name in given[1:]})
