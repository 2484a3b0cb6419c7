"""コンテンツの表. One file per concern; everybody imports the names from here."""

from __future__ import annotations

from akinai.content.models.effect import (
    DaySalt,
    OrderVisit,
    PageAssist,
    PageDay,
    PageFault,
    PageHit,
    SeenPage,
)
from akinai.content.models.library import Paper, Picture, Rendition
from akinai.content.models.pages import HomePage
from akinai.content.models.redirects import SlugRedirect
from akinai.content.models.reviews import (
    HelpfulVote,
    ProductQuestion,
    Review,
    ReviewPhoto,
    ReviewSettings,
    ReviewTally,
)
from akinai.content.models.storefront import Storefront
from akinai.content.models.surveys import Invitation, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from akinai.content.models.videos import Chapter, Video, VideoDay, VideoSeries

__all__ = [
    "Chapter",
    "DaySalt",
    "HelpfulVote",
    "HomePage",
    "Invitation",
    "OrderVisit",
    "PageAssist",
    "PageDay",
    "PageFault",
    "PageHit",
    "Paper",
    "Picture",
    "ProductQuestion",
    "Rendition",
    "Review",
    "ReviewPhoto",
    "ReviewSettings",
    "ReviewTally",
    "SeenPage",
    "SlugRedirect",
    "Storefront",
    "Survey",
    "SurveyAnswer",
    "SurveyQuestion",
    "SurveyResponse",
    "Video",
    "VideoDay",
    "VideoSeries",
]
