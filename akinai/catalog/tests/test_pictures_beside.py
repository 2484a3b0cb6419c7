"""商品ファイルと一緒に来る画像: named in the file or by their own name, drawn once, and told when they are missing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from akinai.catalog import tasks
from akinai.catalog.formats.generic import split_pictures
from akinai.catalog.intake import DRAWN_AT_ONCE, ProductsKind
from akinai.catalog.models import Product, ProductImage
from akinai.core import intake

pytestmark = pytest.mark.django_db
TABLE = "商品コード,商品名,販売価格,JAN,画像\nA-1,りんご,1080,4901234567894,a.jpg|cabinet/nai.jpg\nA-2,タオル,500,,\n"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def photo(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def preview(table: str, *beside: tuple[str, bytes]) -> tuple[Any, intake.Plan]:
    files = [intake.Upload("商品.csv", table.encode()), *(intake.Upload(name, data) for name, data in beside)]
    return intake.preview(ProductsKind(), files, by=None)


def take(table: str, *beside: tuple[str, bytes]) -> Any:
    row, plan = preview(table, *beside)
    assert not plan.errors, plan.errors
    intake.apply(row, by=None)
    return row


def pictures(code: str) -> list[tuple[str, bool]]:
    """(where it came from, is it drawn) in their order."""
    rows = ProductImage.objects.filter(product__code=code)
    return [(row.source_url, bool(row.file)) for row in rows]


def test_pictures_of_a_zip_come_to_the_goods_that_name_them_or_whose_code_they_bear(media: Path) -> None:
    archive = zipped(
        **{"写真/A__jpg": photo(), "A-2_1__png": photo("green"), "4901234567894-2__jpg": photo("blue")}
    )
    row = take(TABLE, ("画像.zip", archive))
    assert pictures("A-1") == [("a.jpg", True), ("nai.jpg", False), ("4901234567894-2.jpg", True)]
    assert pictures("A-2") == [("a-2_1.png", True)]
    assert "画像 3 枚を登録しました" in row.result["message"]
    assert len(list(media.rglob("*.webp"))) == 6


def test_what_is_missing_and_what_is_strange_is_told(media: Path) -> None:
    _, plan = preview(TABLE, ("画像.zip", zipped(zzz__jpg=photo(), a__jpg=photo())))
    notes = "\n".join(plan.notes)
    assert "画像 1 枚を登録します" in notes
    assert "画像ファイル 1 枚がまだありません（nai.jpg）" in notes
    assert "分からない画像が 1 枚あります（zzz.jpg）" in notes
    assert not list(media.rglob("*.webp"))


def test_a_picture_that_comes_later_takes_its_place_and_the_same_again_changes_nothing() -> None:
    take(TABLE)
    assert pictures("A-1") == [("a.jpg", False), ("nai.jpg", False)]
    row = take(TABLE, ("nai.jpg", photo()))
    assert (row.created, row.changed, row.unchanged) == (0, 1, 1)
    assert pictures("A-1") == [("a.jpg", False), ("nai.jpg", True)]
    row = take(TABLE, ("nai.jpg", photo()))
    assert (row.changed, row.unchanged) == (0, 2)


def test_what_only_looks_like_a_picture_stays_missing_and_is_told() -> None:
    row = take(TABLE, ("画像.zip", zipped(a__jpg=b"\xff\xd8\xffno picture", nai__jpg=photo())))
    assert pictures("A-1") == [("a.jpg", False), ("nai.jpg", True)]
    assert "「a.jpg」は画像として読めません" in row.result["message"]


def test_many_pictures_are_drawn_by_a_job_that_may_run_twice(monkeypatch: Any) -> None:
    deferred: list[int] = []
    monkeypatch.setattr("akinai.catalog.intake.defer_drawing", deferred.append)
    count = DRAWN_AT_ONCE + 1
    table = "商品コード,商品名,販売価格\n" + "".join(f"B-{n},商品{n},100\n" for n in range(count))
    archive = zipped(**{f"B-{n}__jpg": photo(f"#{n:02x}8040") for n in range(count)})
    row = take(table, ("画像.zip", archive))
    assert deferred == [row.pk] and not ProductImage.objects.exclude(file="").exists()
    for _ in range(2):
        tasks.draw_pictures(row.pk)
    assert ProductImage.objects.exclude(file="").count() == ProductImage.objects.count() == count


def test_undoing_takes_the_pictures_of_the_intake_away() -> None:
    row = take(TABLE, ("a.jpg", photo()))
    intake.undo(row, by=None)
    assert not ProductImage.objects.exists() and Product.objects.filter(status="ended").count() == 2


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("画像.zip", zipped(a__jpg=photo(), A__jpg=photo("blue")), "「A.jpg」が2つあります"),
        ("画像.zip", zipped(a__csv=b"x", b__jpg=photo()), "ZIPファイルのままです"),
        ("画像.zip", zipped(a__jpg=b"\0" * (16 * 1024 * 1024)), "大きすぎます"),
        ("画像.zip", zipped(a__jpg=photo())[:-30], "壊れ"),
    ],
)
def test_archives_that_cannot_be_taken_are_refused_by_name(name: str, data: bytes, words: str) -> None:
    _, plan = preview(TABLE, (name, data))
    assert plan.refused and words in plan.errors[0].message and plan.errors[0].file.endswith(name)


def test_pictures_alone_ask_for_their_table() -> None:
    row, plan = intake.preview(ProductsKind(), [intake.Upload("a.jpg", photo())], by=None)
    assert plan.refused and "表（CSV・Excel）がありません" in plan.errors[0].message
    assert row.state == "refused"


def test_names_written_by_windows_are_read() -> None:
    """Shift_JIS without the mark that would say so."""
    name = "りんご.jpg".encode("cp932")
    archive = zipped(ABCDEF__jpg=photo()).replace(b"ABCDEF.jpg", name)
    assert archive.count(name) == 2
    take("商品コード,商品名,販売価格,画像\nA-1,りんご,100,りんご.jpg\n", ("画像.zip", archive))
    assert pictures("A-1") == [("りんご.jpg", True)]


@pytest.mark.parametrize("between", ["|", ";", "、", " ", ",", ", ", "\n", "；"])
def test_several_pictures_stand_in_one_cell_however_they_are_parted(between: str) -> None:
    cell = f"a.jpg{between}b.PNG{between}夏 の写真.webp{between}https://example.com/x,y;z.jpg"
    named = [one.source.text for one in split_pictures(cell, "画像")]
    assert named == ["a.jpg", "b.PNG", "夏 の写真.webp", "https://example.com/x,y;z.jpg"]
