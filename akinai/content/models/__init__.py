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
from akinai.content.models.forwards import Forward
from akinai.content.models.library import Paper, Picture, Rendition
from akinai.content.models.old_addresses import PageRedirect
from akinai.content.models.pages import HomePage, IndexPage, ShopPage
from akinai.content.models.redirects import SlugRedirect
from akinai.content.models.releases import Release, ReleaseItem
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
from akinai.content.models.words import LegalNote, LegalWord, ReviewTask
from akinai.content.models.writing import (
    BlogIndexPage,
    BlogPage,
    BlogTag,
    FaqPage,
    FeatureIndexPage,
    FeaturePage,
    LandingPage,
    NewsIndexPage,
    NewsPage,
    StoryPage,
)

__all__ = [
    "BlogIndexPage",
    "BlogPage",
    "BlogTag",
    "Chapter",
    "DaySalt",
    "FaqPage",
    "FeatureIndexPage",
    "FeaturePage",
    "Forward",
    "HelpfulVote",
    "HomePage",
    "IndexPage",
    "Invitation",
    "LandingPage",
    "LegalNote",
    "LegalWord",
    "NewsIndexPage",
    "NewsPage",
    "OrderVisit",
    "PageAssist",
    "PageDay",
    "PageFault",
    "PageHit",
    "PageRedirect",
    "Paper",
    "Picture",
    "ProductQuestion",
    "Release",
    "ReleaseItem",
    "Rendition",
    "Review",
    "ReviewPhoto",
    "ReviewSettings",
    "ReviewTally",
    "ReviewTask",
    "SeenPage",
    "ShopPage",
    "SlugRedirect",
    "Storefront",
    "StoryPage",
    "Survey",
    "SurveyAnswer",
    "SurveyQuestion",
    "SurveyResponse",
    "Video",
    "VideoDay",
    "VideoSeries",
]
