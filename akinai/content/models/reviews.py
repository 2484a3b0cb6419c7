"""レビューと商品の質問: what buyers say of goods, what visitors ask, and what we answer."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.transitions import moves


class ReviewSettings(models.Model):
    """レビューの決まり: one row."""

    asks = models.BooleanField("レビューをメールでお願いする", default=False)
    ask_after_days = models.PositiveSmallIntegerField(
        "出荷の何日後に送るか", default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    coupon_campaign = models.CharField(
        "お礼のクーポン",
        max_length=60,
        blank=True,
        help_text="入れると、レビューに「お礼あり」と表示します。",
    )
    ng_words = models.TextField(
        "確認する言葉", blank=True, help_text="1 行に 1 つ。含むレビューに印を付けます。"
    )

    class Meta:
        verbose_name = verbose_name_plural = "レビューの決まり"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="reviewsettings_one_row"),
            models.CheckConstraint(
                condition=Q(ask_after_days__gte=1, ask_after_days__lte=90), name="reviewsettings_days"
            ),
        ]

    def __str__(self) -> str:
        return "レビューの決まり"


class Review(models.Model):
    """レビュー of somebody who has bought. What it says is the buyer's: the database refuses to rewrite it."""

    class State(models.TextChoices):
        WAITING = "waiting", "確認待ち"
        PUBLISHED = "published", "公開中"
        HIDDEN = "hidden", "非公開"

    MOVES = moves(
        ("publish", {State.WAITING, State.HIDDEN}, State.PUBLISHED),
        ("hide", {State.WAITING, State.PUBLISHED}, State.HIDDEN),
    )

    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+", verbose_name="商品")
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受注"
    )
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="顧客"
    )
    buyer_key = models.CharField("購入者", max_length=60)
    stars = models.PositiveSmallIntegerField("評価")
    title = models.CharField("題名", max_length=60, blank=True)
    text = models.TextField("本文")
    nickname = models.CharField("ニックネーム", max_length=20)
    is_rewarded = models.BooleanField("お礼あり", default=False)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    hidden_reason = models.CharField("非公開の理由", max_length=200, blank=True)
    flags = models.JSONField("気を付けるところ", default=list, blank=True)
    reply = models.TextField("お店からの返信", blank=True)
    replied_at = models.DateTimeField("返信日時", null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="返信した人",
    )
    helpful = models.PositiveIntegerField("参考になった", default=0)
    created_at = models.DateTimeField("投稿日時", default=clock.now)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    erased_at = models.DateTimeField("投稿者を消去した日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "レビュー"
        constraints = [
            models.UniqueConstraint(fields=["product", "buyer_key"], name="review_one_per_buyer"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="review_stars"),
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(erased_at__isnull=False), name="review_of_a_buyer"
            ),
            models.CheckConstraint(
                condition=~Q(state="hidden") | ~Q(hidden_reason=""), name="review_hidden_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "state", "-published_at", "-id"], name="review_of_product"),
            models.Index(fields=["state", "-created_at", "-id"], name="review_worklist"),
        ]

    def __str__(self) -> str:
        return self.title or f"レビュー {self.pk}"

    @property
    def star_text(self) -> str:
        return "★" * self.stars + "☆" * (5 - self.stars)


class ReviewPhoto(models.Model):
    """レビューの写真, drawn anew."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="photos", verbose_name="レビュー")
    file = models.CharField("ファイル", max_length=120)
    position = models.PositiveSmallIntegerField("順番")

    class Meta:
        verbose_name = verbose_name_plural = "レビューの写真"
        constraints = [models.UniqueConstraint(fields=["review", "position"], name="reviewphoto_once")]

    def __str__(self) -> str:
        return self.file


class HelpfulVote(models.Model):
    """参考になった, once per person."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="votes", verbose_name="レビュー")
    person_key = models.CharField("投票した人", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "参考になった"
        constraints = [models.UniqueConstraint(fields=["review", "person_key"], name="helpful_once")]

    def __str__(self) -> str:
        return f"{self.review_id}"


class ReviewTally(models.Model):
    """商品の評価の合計: kept by a trigger in the transaction that publishes or hides."""

    product = models.OneToOneField(
        "catalog.Product", models.CASCADE, primary_key=True, related_name="+", verbose_name="商品"
    )
    stars_1 = models.PositiveIntegerField("★1", default=0)
    stars_2 = models.PositiveIntegerField("★2", default=0)
    stars_3 = models.PositiveIntegerField("★3", default=0)
    stars_4 = models.PositiveIntegerField("★4", default=0)
    stars_5 = models.PositiveIntegerField("★5", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "評価の合計"

    def __str__(self) -> str:
        return f"{self.product_id}"

    @property
    def by_stars(self) -> list[tuple[int, int]]:
        """(stars, reviews), the best first."""
        return [(stars, getattr(self, f"stars_{stars}")) for stars in (5, 4, 3, 2, 1)]

    @property
    def count(self) -> int:
        return sum(count for _stars, count in self.by_stars)

    @property
    def average(self) -> float:
        """To one decimal; 0 without reviews."""
        total = sum(stars * count for stars, count in self.by_stars)
        return round(total / self.count, 1) if self.count else 0.0

    @property
    def rounded(self) -> int:
        """Whole stars, for drawing."""
        return round(self.average)


class ProductQuestion(models.Model):
    """商品の質問; published together with its answer."""

    class State(models.TextChoices):
        WAITING = "waiting", "回答待ち"
        ANSWERED = "answered", "公開中"
        PRIVATE = "private", "本人にだけ回答"
        HIDDEN = "hidden", "非公開"

    MOVES = moves(
        ("answer", {State.WAITING, State.ANSWERED, State.PRIVATE, State.HIDDEN}, State.ANSWERED),
        ("answer_alone", {State.WAITING, State.ANSWERED, State.PRIVATE, State.HIDDEN}, State.PRIVATE),
        ("hide", {State.WAITING, State.ANSWERED, State.PRIVATE}, State.HIDDEN),
    )

    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+", verbose_name="商品")
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="顧客"
    )
    text = models.TextField("質問")
    nickname = models.CharField("ニックネーム", max_length=20, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    hidden_reason = models.CharField("非公開の理由", max_length=200, blank=True)
    flags = models.JSONField("気を付けるところ", default=list, blank=True)
    answer = models.TextField("回答", blank=True)
    answered_at = models.DateTimeField("回答日時", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回答した人",
    )
    created_at = models.DateTimeField("質問日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "商品の質問"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "private"]) | ~Q(answer=""),
                name="question_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=~Q(state="hidden") | ~Q(hidden_reason=""), name="question_hidden_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "state", "-answered_at", "-id"], name="question_of_product"),
            models.Index(fields=["state", "-created_at", "-id"], name="question_worklist"),
        ]

    def __str__(self) -> str:
        return self.text[:40]
