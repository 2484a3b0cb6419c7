"""集計: what was answered, counted by the database; cross-tables and words over it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Func, QuerySet, TextField
from django.utils import timezone

from akinai.content.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from akinai.content.surveys import queries, words
from akinai.content.surveys.given import given_parts, labels, steps
from akinai.content.surveys.kinds import CHOICES, WRITTEN, Kind
from akinai.core.gathering import gather

TEXTS = 2000  # the newest so many texts are read for their words
LABEL = 5  # letters below a bar
UNSAID = "（無回答）"
REPEATS = {"first": False, "repeat": True}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """絞り込み: whose answers are counted."""

    since: date | None = None
    until: date | None = None
    buyer: str = ""  # first, repeat
    product: str = ""  # 商品コード bought

    def apply(self, survey: Survey) -> QuerySet[SurveyResponse]:
        rows = survey.responses.filter(state=SurveyResponse.State.DONE, is_test=False)
        if self.since:
            rows = rows.filter(answered_at__gte=_midnight(self.since))
        if self.until:
            rows = rows.filter(answered_at__lt=_midnight(date.fromordinal(self.until.toordinal() + 1)))
        if self.buyer in REPEATS:
            rows = rows.filter(is_repeat=REPEATS[self.buyer])
        if self.product:
            bought = SurveyResponse.objects.filter(order__lines__sku__product__code__iexact=self.product)
            rows = rows.filter(pk__in=bought.values("pk"))
        return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True, slots=True)
class Line:
    """One option and how many chose it; `share` in per cent of those who answered the question."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Nps:
    """おすすめ度: the share of 9–10 less that of 0–6, from -100 to 100."""

    promoters: int
    passives: int
    detractors: int

    @property
    def answered(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> int:
        return round(100 * (self.promoters - self.detractors) / self.answered) if self.answered else 0


@dataclass(frozen=True, slots=True)
class Result:
    """One question and what was said to it."""

    question: SurveyQuestion
    answered: int
    lines: tuple[Line, ...] = ()
    average: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    nps: Nps | None = None
    grid: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    others: tuple[str, ...] = ()
    words: tuple[words.Word, ...] = ()
    texts: tuple[tuple[int, str], ...] = field(default=())

    @property
    def chart(self) -> list[tuple[str, int]]:
        short = LABEL if len(self.lines) > 3 else 2 * LABEL
        return [
            (line.label if len(line.label) <= short else f"{line.label[:short]}…", line.count)
            for line in self.lines
        ]

    @property
    def is_old(self) -> bool:
        return self.question.retired_at is not None


def of(survey: Survey, narrowed: Narrowed) -> list[Result]:
    """Every question with its counts: two queries, however many questions and answers there are."""
    rows = SurveyAnswer.objects.filter(response__in=narrowed.apply(survey).values("pk"))
    questions = queries.all_versions(survey)
    counted = rows.values_list("question_id").annotate(n=Count("pk"))
    told = gather(counted, _choices(rows), _numbers(rows), _texts(rows))
    answered, chosen, numbers, texts = dict(told[0]), _by_key(told[1]), _by_key(told[2]), _newest(told[3])
    return [
        _result(one, answered.get(one.pk, 0), chosen[one.pk], numbers[one.pk], texts[one.pk])
        for one in questions
        if one.retired_at is None or answered.get(one.pk)
    ]


def _choices(rows: QuerySet[SurveyAnswer]) -> QuerySet[Any]:
    """(question, key of a choice, how often)."""
    unnested = Func(F("chosen"), function="unnest", output_field=TextField())
    unnested.set_returning = True
    return rows.annotate(key=unnested).values_list("question_id", "key").annotate(n=Count("pk"))


def _numbers(rows: QuerySet[SurveyAnswer]) -> QuerySet[Any]:
    """(question, number, how often)."""
    return rows.exclude(number=None).values_list("question_id", "number").annotate(n=Count("pk"))


def _texts(rows: QuerySet[SurveyAnswer]) -> QuerySet[Any]:
    """The newest texts, and days, which are read like them: (question, response, text, day)."""
    told = rows.exclude(text="", day=None).order_by("-response_id")
    return told.values_list("question_id", "response_id", "text", "day")[: TEXTS * 5]


def _by_key(counted: Iterable[tuple[int, Any, int]]) -> dict[int, dict[Any, int]]:
    found: dict[int, dict[Any, int]] = defaultdict(dict)
    for question, key, count in counted:
        found[question][key] = count
    return found


def _newest(told: Iterable[tuple[int, int, str, date | None]]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for question, response, text, day in told:
        if len(found[question]) < TEXTS:
            found[question].append((response, text or (day.isoformat() if day else "")))
    return found


def _result(
    question: SurveyQuestion, answered: int, chosen: Mapping[str, int], numbers: Mapping[Decimal, int],
    texts: Sequence[tuple[int, str]],
) -> Result:  # fmt: skip
    if question.kind in CHOICES:
        others = tuple(text for _pk, text in texts)[:50]
        return Result(question, answered, _lines(labels(question.options), chosen, answered), others=others)
    if question.kind in (Kind.SCALE, Kind.NPS):
        names = {str(step): str(step) for step in steps(question)}
        told = _spread(numbers)
        nps = _nps(numbers) if question.kind == Kind.NPS else None
        return Result(question, answered, _lines(names, chosen, answered), *told, nps=nps)
    if question.kind == Kind.NUMBER:
        return Result(question, answered, _buckets(numbers, answered), *_spread(numbers))
    if question.kind == Kind.MATRIX:
        return Result(question, answered, grid=_grid(question, chosen))
    if question.kind in WRITTEN:
        grouped = words.group(dict(texts))
        return Result(question, answered, words=tuple(grouped), texts=tuple(texts[:100]))
    months = Counter(text[:7] for _pk, text in texts)
    return Result(question, answered, _lines({key: key for key in sorted(months)}, months, answered))


def _lines(names: Mapping[str, str], counted: Mapping[str, int], answered: int) -> tuple[Line, ...]:
    return tuple(
        Line(label, counted.get(key, 0), _share(counted.get(key, 0), answered))
        for key, label in names.items()
    )


def _share(count: int, whole: int) -> float:
    return round(100 * count / whole, 1) if whole else 0.0


def _spread(numbers: Mapping[Decimal, int]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """(average to two decimals, lowest, highest)."""
    if not numbers:
        return None, None, None
    total = sum(numbers.values())
    mean = sum((number * count for number, count in numbers.items()), Decimal()) / total
    return mean.quantize(Decimal("0.01")), min(numbers), max(numbers)


def _nps(numbers: Mapping[Decimal, int]) -> Nps:
    parts = [0, 0, 0]
    for number, count in numbers.items():
        parts[0 if number >= 9 else 1 if number >= 7 else 2] += count
    return Nps(*parts)


def _buckets(numbers: Mapping[Decimal, int], answered: int) -> tuple[Line, ...]:
    """Up to eight equal steps; each number by itself where there are few."""
    if len(numbers) <= 8:
        return tuple(
            Line(f"{n.normalize():f}", numbers[n], _share(numbers[n], answered)) for n in sorted(numbers)
        )
    low, high = int(min(numbers)), int(max(numbers)) + 1
    step = -(-(high - low) // 8)
    counts: Counter[int] = Counter()
    for number, count in numbers.items():
        counts[(int(number) - low) // step] += count
    return tuple(
        Line(f"{low + at * step:,}〜{low + (at + 1) * step - 1:,}", counts[at], _share(counts[at], answered))
        for at in range(-(-(high - low) // step))
    )


def _grid(question: SurveyQuestion, chosen: Mapping[str, int]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    columns = labels(question.options)
    found = []
    for row in question.settings.get("rows", []):
        counted = {key: chosen.get(f"{row['key']}:{key}", 0) for key in columns}
        found.append((row["label"], _lines(columns, counted, sum(counted.values()))))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Crossed:
    """クロス集計: rows by columns. `cells` in the order of the columns, as (count, per cent of the row)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, int, tuple[tuple[int, float], ...]], ...]
    answered: int


def crossed(survey: Survey, narrowed: Narrowed, down: SurveyQuestion, across: SurveyQuestion) -> Crossed:
    """How those who said one thing answered the other question. Who answered only one of them stands under 無回答."""
    rows = SurveyAnswer.objects.filter(
        response__in=narrowed.apply(survey).values("pk"), question__in=[down.pk, across.pk]
    )
    said: dict[int, dict[int, tuple[str, ...]]] = defaultdict(dict)
    questions = {down.pk: down, across.pk: across}
    for row in rows.only("response_id", "question_id", "chosen", "number", "day", "text"):
        said[row.response_id][row.question_id] = given_parts(questions[row.question_id], queries.given(row))
    counts: Counter[tuple[str, str]] = Counter()
    of_row: Counter[str] = Counter()
    for answers in said.values():
        for left in answers.get(down.pk, (UNSAID,)):
            of_row[left] += 1
            counts.update((left, right) for right in answers.get(across.pk, (UNSAID,)))
    return _table(
        _order(down, of_row), _order(across, [right for _left, right in counts]), counts, of_row, len(said)
    )


def _table(
    down: Sequence[str], across: Sequence[str], counts: Mapping[tuple[str, str], int], of_row: Mapping[str, int], answered: int
) -> Crossed:  # fmt: skip
    rows = tuple(
        (
            left,
            of_row[left],
            tuple((counts[left, right], _share(counts[left, right], of_row[left])) for right in across),
        )
        for left in down
    )
    return Crossed(tuple(across), rows, answered)


def _order(question: SurveyQuestion, seen: Any) -> list[str]:
    """Labels in the order of the options; what stands nowhere among them after them, 無回答 last."""
    given = list(dict.fromkeys(seen))
    if question.kind in CHOICES:
        known = list(labels(question.options).values())
    elif question.kind == Kind.SCALE:
        known = [str(step) for step in steps(question)]
    else:
        known = (
            ["推奨（9〜10）", "中立（7〜8）", "批判（0〜6）"] if question.kind == Kind.NPS else sorted(given)
        )
    return [
        *(one for one in known if one in given and one != UNSAID),
        *(one for one in given if one not in known and one != UNSAID),
        *([UNSAID] if UNSAID in given else []),
    ]
