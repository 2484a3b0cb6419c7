"""Template tags of the office (画面のタグ): `{% load akinai %}`. Listed in ui/README.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context, Library, loader
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from akinai.core import activity, clock, postal
from akinai.ui import address, charts, formats, icons, tones, words
from akinai.ui.forms import ONCE, new_token
from akinai.ui.panels import panels_of

register = Library()
register.filter("yen", formats.yen)
register.filter("cost", formats.cost)
register.filter("signed_yen", formats.signed_yen)
register.filter("number", formats.number)
register.filter("jdate", formats.jdate)
register.filter("postal", postal.formatted)
register.filter("jtime", formats.jtime)
register.filter("jdatetime", formats.jdatetime)

HISTORY_SHOWN = 50


@register.filter
def ago(moment: datetime | None) -> str:
    """3分前."""
    return formats.ago(moment, clock.now())


_OF_THE_COMMAND = re.compile(r"（[^（）]*--[a-z][^（）]*）")


@register.filter
def on_screen(message: str) -> str:
    """A refusal without what only the command line needs: 「…を選んで（--option round_prices=1）ください」."""
    return _OF_THE_COMMAND.sub("", message)


@register.filter
def tone(obj: models.Model, field: str = "state") -> str:
    """The tone of a state, for data-tone."""
    return tones.state_of(obj, field)[1]


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG icon."""
    return SafeString(icons.svg(name, str(conditional_escape(label))))


@register.simple_tag
def badge(thing: Any, field: str = "", tone: str | None = None, icon: str = "") -> SafeString:
    """State pill: `{% badge obj "state" %}` or `{% badge "text" tone="warn" %}`. Nothing for an empty text."""
    label, found = (
        tones.state_of(thing, field or "state") if isinstance(thing, models.Model) else (str(thing), "")
    )
    if not label:
        return SafeString("")
    drawn = SafeString(icons.svg(icon)) if icon else ""
    return format_html(
        '<span class="badge" data-tone="{}">{}{}</span>', found if tone is None else tone, drawn, label
    )


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """The content of a block a second time (the page's title as its h1)."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return SafeString(block.nodelist.render(context)) if block else SafeString("")


@register.simple_tag(takes_context=True)
def qs(context: Context, *_: Any, **changes: Any) -> str:
    """The present query string with edits; None removes."""
    request: HttpRequest = context["request"]
    return address.edited(request.GET, changes)


@register.simple_tag
def once() -> SafeString:
    """The hidden token that lets a form be done once only."""
    return format_html('<input type="hidden" name="{}" value="{}">', ONCE, new_token())


@register.simple_tag
def crumb(title: Any, url: str = "", *args: Any) -> SafeString:
    """One step of the breadcrumbs; `url` is an address or a URL name."""
    target = _address(url, args)
    text = (
        format_html('<a href="{}">{}</a>', target, title) if target else format_html("<span>{}</span>", title)
    )
    return format_html("<li>{}</li>", text)


@register.simple_tag
def fact(title: str, value: Any = "", strong: bool = False, icon: str = "", url: str = "") -> SafeString:
    """One line of key facts (dt and dd); with `url` what it says leads there."""
    blank = value is None or value == ""
    shown = SafeString('<span class="blank">–</span>') if blank else conditional_escape(value)
    if url and not blank:
        shown = format_html('<a href="{}">{}</a>', url, shown)
    kind = ' class="strong"' if strong else ""
    drawn = SafeString(icons.svg(icon)) if icon else ""
    return format_html("<div{}><dt>{}{}</dt><dd>{}</dd></div>", SafeString(kind), drawn, title, shown)


@register.simple_tag
def stat(
    title: str, value: Any, unit: str = "", url: str = "", tone: str = "", icon: str = "", note: str = ""
) -> SafeString:
    """A number tile."""
    shown = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value
    body = format_html(
        '<span class="stat-title">{}{}</span><span class="stat-value">{}<small>{}</small></span>{}',
        SafeString(icons.svg(icon)) if icon else "", title, shown, unit,
        format_html('<span class="stat-note">{}</span>', note) if note else "",
    )  # fmt: skip
    if url:
        return format_html('<a class="stat" data-tone="{}" href="{}">{}</a>', tone, url, body)
    return format_html('<div class="stat" data-tone="{}">{}</div>', tone, body)


@register.simple_tag
def empty_state(
    title: str, text: str = "", icon: str = "inbox", url: str = "", label: str = "", url_name: str = ""
) -> SafeString:
    """Nothing here yet, why, and the way on."""
    target = url or _address(url_name, ())
    way = format_html('<a class="button primary" href="{}">{}</a>', target, label) if target and label else ""
    return format_html(
        '<div class="empty">{}<p class="empty-title">{}</p>{}{}</div>',
        SafeString(icons.svg(icon)), title, format_html("<p>{}</p>", text) if text else "", way,
    )  # fmt: skip


@register.simple_tag
def progress(done: int, total: int, label: str = "", tone: str = "accent") -> SafeString:
    return charts.progress(done, total, label=label, tone=tone)


@register.simple_tag
def bar_chart(
    rows: Sequence[tuple[str, int]], format: str = "number", label: str = "", width: int = charts.WIDTH
) -> SafeString:
    return charts.bar_chart(rows, form=format, label=label, width=width)


@register.simple_tag
def compare_chart(
    rows: Sequence[charts.Compared], format: str = "yen", label: str = "", width: int = charts.WIDTH
) -> SafeString:
    return charts.compare_chart(rows, form=format, label=label, width=width)


@register.simple_tag
def spark(values: Sequence[int], label: str = "") -> SafeString:
    return charts.spark(values, label=label)


@register.simple_tag
def steps(items: Sequence[tuple[str, int, str, str]], current: str = "") -> SafeString:
    """A pipeline: (title, count, url, tone) from left to right."""
    parts = format_html_join(
        "",
        '<li{}><a href="{}" data-tone="{}"><span class="step-title">{}</span><span class="step-count">{}</span></a></li>',
        ((SafeString(' aria-current="step"') if title == current else "", url, tone if count else "", title, f"{count:,}")
         for title, count, url, tone in items),
    )  # fmt: skip
    return format_html('<ol class="steps">{}</ol>', parts)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message box in the page."""
    drawn = {"info": "info", "good": "check-circle", "warn": "alert", "bad": "x-circle"}.get(tone, "info")
    head = format_html("<strong>{}</strong> ", title) if title else ""
    role = "alert" if tone == "bad" else "note"
    return format_html(
        '<div class="notice" data-tone="{}" role="{}">{}<div>{}{}</div></div>',
        tone, role, SafeString(icons.svg(drawn)), head, content,
    )  # fmt: skip


@register.simple_block_tag
def panel(
    content: str,
    title: str = "",
    icon: str = "",
    count: int | None = None,
    flush: bool = False,
    anchor: str = "",
) -> SafeString:
    """A framed part of a page. `flush`: the content (a table) reaches the edges."""
    drawn = SafeString(icons.svg(icon)) if icon else ""
    number = format_html(' <span class="count">{}</span>', f"{count:,}") if count is not None else ""
    head = (
        format_html('<header class="panel-head"><h2>{}{}{}</h2></header>', drawn, title, number)
        if title
        else ""
    )
    name = format_html(' id="{}"', anchor) if anchor else ""
    kind = " flush" if flush else ""
    return format_html(
        '<section class="panel{}"{}>{}<div class="panel-body">{}</div></section>', kind, name, head, content
    )


@register.simple_block_tag
def menu(content: str, label: str = "", icon: str = "more", title: str = "その他の操作") -> SafeString:
    """A button that opens a list of links and acts."""
    text = format_html("<span>{}</span>", label) if label else ""
    kind = "" if label else " icon-only"
    return format_html(
        '<details class="menu"><summary class="button{}" aria-label="{}">{}{}</summary><div class="menu-list">{}</div></details>',
        kind, label or title, SafeString(icons.svg(icon)), text, content,
    )  # fmt: skip


@register.simple_block_tag
def fieldset(content: str, title: str = "", hint: str = "") -> SafeString:
    """A group of fields in the grid."""
    legend = format_html("<legend>{}</legend>", title) if title else ""
    more = format_html('<p class="fieldset-hint">{}</p>', hint) if hint else ""
    return format_html(
        '<fieldset class="fields">{}{}<div class="field-grid">{}</div></fieldset>', legend, more, content
    )


@register.inclusion_tag("ui/field.html")
def field(bound: Any, unit: str = "", wide: bool = False, label: str = "", hint: str = "") -> dict[str, Any]:
    """One field: label, 必須, control, unit, help, error."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or type(widget).__name__.lower()
    grouped = kind in {"radio", "checkboxselectmultiple"} or type(widget).__name__ in {
        "RadioSelect",
        "CheckboxSelectMultiple",
    }
    return {
        "field": bound, "unit": unit, "wide": wide or kind == "textarea", "label": label or bound.label,
        "hint": hint or bound.help_text, "kind": "group" if grouped else kind, "required": bound.field.required,
    }  # fmt: skip


@register.inclusion_tag("ui/dropzone.html")
def dropzone(bound: Any, title: str = "ファイルをここにドロップ", hint: str = "") -> dict[str, Any]:
    """A place to drop files on; a plain file input without JavaScript."""
    return {"field": bound, "title": title, "hint": hint or bound.help_text}


@register.simple_tag(takes_context=True)
def act(context: Context, url: str, *args: Any, label: str = "", **options: Any) -> SafeString:
    """A one-button POST form with CSRF: icon, tone, confirm, confirm_tone, small, disabled, title, data (hidden fields).

    `disabled` may be a text: the reason, shown on hover and read aloud.
    """
    request: HttpRequest = context["request"]
    hidden = {"csrfmiddlewaretoken": get_token(request), **options.get("data", {})}
    known = {"icon", "tone", "confirm", "confirm_tone", "small", "disabled", "title", "data", "key"}
    hidden |= {name: value for name, value in options.items() if name not in known}
    told = {"url": _address(url, args), "label": label, "hidden": hidden, "token": new_token(), **options}
    return SafeString(loader.get_template("ui/act.html").render(told))


@register.simple_tag(takes_context=True)
def panels(context: Context, page: str, obj: Any, side: bool | None = None) -> SafeString:
    """The panels that rooms registered for `page`."""
    request: HttpRequest = context["request"]
    # Each panel is made once per page, also when the page has two columns of them.
    kept: dict[str, Any] = context.render_context.setdefault("akinai_panels", {})  # type: ignore[assignment, arg-type]
    if page not in kept:
        kept[page] = panels_of(page, request, obj)
    shown = [one for one in kept[page] if side is None or one.side == side]
    template = loader.get_template("ui/panel.html")
    drawn = (template.render({**one.context, "panel": one, "object": obj}, request) for one in shown)
    return format_html_join("", "{}", ((SafeString(part),) for part in drawn))


@register.inclusion_tag("ui/history.html")
def history(obj: models.Model, limit: int = HISTORY_SHOWN) -> dict[str, Any]:
    """The activity history of one object, newest first."""
    rows = list(activity.of(obj)[: limit + 1])
    return {"rows": [_history_row(obj, row) for row in rows[:limit]], "more": len(rows) > limit}


def _history_row(obj: models.Model, row: Any) -> dict[str, Any]:
    try:
        choices = dict(obj._meta.get_field("state").flatchoices)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        choices = {}
    field_name = f"{obj._meta.label_lower}.state"
    return {
        "row": row,
        "icon": words.icon(row.verb),
        "verb": words.verb(row.verb, obj._meta.app_label),
        "moved": row.to_state and row.to_state != row.from_state,
        "from": choices.get(row.from_state, row.from_state),
        "to": choices.get(row.to_state, row.to_state),
        "tone": tones.tone_of(field_name, row.to_state),
    }


def _address(url: str, args: Sequence[Any]) -> str:
    """An address as it is, a URL name reversed; "" for a name nobody has."""
    if not url or url.startswith(("/", "?", "#", "http:", "https:")):
        return url
    try:
        return reverse(url, args=args)
    except NoReverseMatch:
        return ""
