"""What the component templates ask of a form or a list, so that no arithmetic stands in a template."""

from typing import Any, NamedTuple

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template import Context

from core.forms import GovukFormMixin

register = template.Library()


class FormProblem(NamedTuple):
    """One line of an error summary; `url` is '' when the line leads nowhere."""

    text: str
    url: str


@register.simple_tag(takes_context=True)
def problem_list(context: Context) -> list[Any]:
    """What an error summary lists: `summary` of the context, else every error of its `form`."""
    return list(context.get("summary") or form_problems(context.get("form")))


def form_problems(form: Any) -> list[FormProblem]:
    """Every error of a form in the order of the page, those of the whole form first; whatever else has none."""
    if not isinstance(form, BaseForm) or not form.is_bound:
        return []
    problems = [FormProblem(str(error), "") for error in form.non_field_errors()]
    for field in _in_order_of_page(form):
        target = getattr(field, "error_target", field.auto_id) if field.errors else ""
        problems += [FormProblem(str(error), f"#{target}" if target else "") for error in field.errors]
    return problems


def _in_order_of_page(form: BaseForm) -> list[BoundField]:
    visible = form.visible_fields()
    if isinstance(form, GovukFormMixin):
        visible = [field for _legend, fields in form.grouped_fields() for field in fields]
    return form.hidden_fields() + visible


@register.simple_tag(takes_context=True)
def form_of_page(context: Context) -> Any:
    """The `form` that the view gave to the page, whatever an include calls `form` meanwhile; None without one."""
    return next((known["form"] for known in context.dicts if "form" in known), None)


@register.filter
def is_under(path: str, address: str) -> bool:
    """Whether the page at `path` lies at or below `address`; never where either is unknown."""
    return bool(path and address) and path.startswith(address)


class PageLink(NamedTuple):
    """One step of a pagination; a gap has no number and no url."""

    number: int | None
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def page_links(context: Context, page_obj: Page[Any]) -> dict[str, Any]:
    """Addresses of the pages around `page_obj`: `previous`, `next` ('' at the ends) and `links`, a list of PageLink.

    With `page_folder` in the context the pages are `<page_folder>`, `<page_folder>2/`, …; else `?page=2` with the rest
    of the query kept, which a page that is drawn without a request has in `current_query` (encoded, without `?`).
    """
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    links = [
        PageLink(number, _address(context, number), number == page_obj.number)
        if isinstance(number, int)
        else PageLink(None, "", False)
        for number in numbers
    ]
    return {
        "links": links,
        "previous": _address(context, page_obj.number - 1) if page_obj.has_previous() else "",
        "next": _address(context, page_obj.number + 1) if page_obj.has_next() else "",
    }


def _address(context: Context, number: int) -> str:
    if folder := context.get("page_folder"):
        return str(folder) if number == 1 else f"{folder}{number}/"
    query = QueryDict(str(context.get("current_query") or ""), mutable=True)
    if request := context.get("request"):
        query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"
