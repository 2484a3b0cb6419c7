"""Addresses of the desk: letters, macros, errands and settings."""

from django.urls import path

from akinai.support import desk_lists
from akinai.support.views import errands, settings, writing

desk_patterns = [
    path("tickets/<str:number>/fill/", writing.fill, name="fill"),
    path("tickets/<str:number>/preview/", writing.preview, name="preview"),
    path("tickets/<str:number>/macro/", writing.use_macro, name="use_macro"),
    path("tickets/<str:number>/go/", errands.go, name="go"),
    path("tickets/<str:number>/coupon/", errands.coupon, name="coupon"),
    path("tickets/<str:number>/reship/", errands.reship, name="reship"),
    path("tickets/<str:number>/share/", errands.share, name="share"),
    path("tickets/<str:number>/messages/<int:pk>/split/", errands.split, name="split"),
    path("callbacks/", desk_lists.CallBackList.as_view(), name="callbacks"),
    path("settings/", settings.hours, name="hours"),
    path("settings/templates/", desk_lists.TemplateList.as_view(), name="templates"),
    path("settings/templates/new/", settings.new_template, name="new_template"),
    path("settings/templates/<int:pk>/", settings.template, name="template"),
    path("settings/usual/", settings.take_usual, name="take_usual"),
    path("settings/macros/", desk_lists.MacroList.as_view(), name="macros"),
    path("settings/macros/new/", settings.new_macro, name="new_macro"),
    path("settings/macros/<int:pk>/", settings.macro, name="macro"),
    path("settings/signatures/", desk_lists.SignatureList.as_view(), name="signatures"),
    path("settings/signatures/new/", settings.new_signature, name="new_signature"),
    path("settings/signatures/<int:pk>/", settings.signature, name="signature"),
    path("settings/signatures/<int:pk>/drop/", settings.drop_signature, name="drop_signature"),
    path("settings/tags/", desk_lists.TagList.as_view(), name="tags_list"),
    path("settings/tags/new/", settings.new_tag, name="new_tag"),
    path("settings/tags/<int:pk>/", settings.tag, name="tag"),
    path("settings/rules/", desk_lists.RuleList.as_view(), name="rules"),
    path("settings/rules/new/", settings.new_rule, name="new_rule"),
    path("settings/rules/<int:pk>/", settings.rule, name="rule"),
    path("settings/duties/", desk_lists.DutyList.as_view(), name="duties"),
    path("settings/duties/new/", settings.new_duty, name="new_duty"),
    path("settings/duties/<int:pk>/", settings.duty, name="duty"),
]
