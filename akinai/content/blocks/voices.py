"""アンケートと動画のブロック: an invitation to answer, and a film of the channel, inside a page."""

from __future__ import annotations

from typing import Any

from wagtail import blocks


def survey_choices() -> list[tuple[str, str]]:
    from akinai.content.surveys import queries  # blocks are made while the tables are

    return queries.choices()


def video_choices() -> list[tuple[str, str]]:
    from akinai.content.videos import queries

    return queries.choices()


class SurveyBlock(blocks.StructBlock):
    """アンケートへのご案内. It leaves by itself once the survey is over."""

    survey = blocks.ChoiceBlock(label="アンケート", choices=survey_choices)
    text = blocks.CharBlock(label="ひとこと", required=False, max_length=120)

    class Meta:
        label = "アンケート"
        icon = "form"
        template = "content/blocks/survey.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from akinai.content.surveys import queries

        context = super().get_context(value, parent_context=parent_context)
        return context | {"survey": queries.open_now().filter(slug=value["survey"]).first()}


class VideoBlock(blocks.StructBlock):
    """動画: its picture leads to the page of the film, so that nothing of another service is loaded here."""

    video = blocks.ChoiceBlock(label="動画", choices=video_choices)

    class Meta:
        label = "動画"
        icon = "media"
        template = "content/blocks/video.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from akinai.content.videos import queries

        context = super().get_context(value, parent_context=parent_context)
        return context | {"video": queries.by_slug(value["video"])}
