"""コンテンツのメールの文面 as delivered; the shop may rewrite them (メールの文面)."""

from __future__ import annotations

from akinai.core.mail_texts import Declared, Placeholder

NAME = Placeholder("お名前", "山田 花子 様")
SHOP = Placeholder("店舗名", "茶と器 みほん")
SIGNATURE = Placeholder(
    "署名",
    "株式会社 見本茶舗（茶と器 みほん）\n〒101-0051 東京都千代田区神田神保町1-2-3",
    "自社情報から作ります",
)
LINE = "──────────────────────"

SURVEY = Declared(
    "content.survey",
    "アンケートのお願い",
    "アンケートで決めた日数が出荷からたったとき、お一人に 1 通だけ送ります。",
    "【{店舗名}】{アンケート}のお願い",
    f"""{{お名前}}

先日は{{店舗名}}をご利用いただき、誠にありがとうございました。
よりよいお店にするために、「{{アンケート}}」へのご協力をお願いしております。

{{はじめの文}}

{LINE}
■ 回答ページ　{{リンク}}
■ 締切　　　　{{締切}}
{LINE}

{{お礼}}
このリンクはお客様専用です。お一人さま 1 回だけお答えいただけます。

{LINE}
{{署名}}
""",
    (
        NAME,
        SHOP,
        Placeholder("アンケート", "秋のお客様アンケート"),
        Placeholder("はじめの文", "3 分ほどで終わります。"),
        Placeholder("リンク", "https://shop.example.jp/surveys/autumn/invited/…"),
        Placeholder("締切", "2026/12/10 23:59", "締切がなければ、その行は載りません"),
        Placeholder(
            "お礼",
            "お答えいただいた方に、お礼のクーポンをお渡しします。",
            "クーポンがなければ、その行は載りません",
        ),
        SIGNATURE,
    ),
)
REVIEW = Declared(
    "content.review",
    "レビューのお願い",
    "レビューの決まりで決めた日数が出荷からたったとき、ご注文 1 件に 1 通だけ送ります。",
    "【{店舗名}】お買い上げの商品はいかがでしたか（ご注文番号 {注文番号}）",
    f"""{{お名前}}

先日は{{店舗名}}をご利用いただき、誠にありがとうございました。
お届けした商品はいかがでしたでしょうか。ご感想をお聞かせください。
ご満足いただけなかった点も、そのままお書きください。

{LINE}
■ ご注文番号　{{注文番号}}
■ レビューを書く　{{リンク}}
{LINE}

【お届けした商品】
{{商品一覧}}

{{お礼}}

{LINE}
{{署名}}
""",
    (
        NAME,
        SHOP,
        Placeholder("注文番号", "123456-20261124-0001"),
        Placeholder("リンク", "https://shop.example.jp/reviews/write/…"),
        Placeholder("商品一覧", "・静岡深蒸し煎茶 100g"),
        Placeholder(
            "お礼",
            "ご投稿いただいた方に、お礼のクーポンをお渡しします（評価の内容は問いません）。",
            "お礼がなければ、その行は載りません",
        ),
        SIGNATURE,
    ),
)
ANSWER = Declared(
    "content.answer",
    "商品の質問への回答",
    "商品の質問に回答したとき、メールアドレスを書いた方に送ります。",
    "【{店舗名}】「{商品名}」のご質問にお答えします",
    f"""このたびは{{店舗名}}にご質問をお寄せいただき、ありがとうございます。

{LINE}
■ 商品　　{{商品名}}
■ ご質問
{{質問}}

■ 回答
{{回答}}
{LINE}

商品のページ: {{リンク}}
ほかにもご不明な点がございましたら、このメールにご返信ください。

{LINE}
{{署名}}
""",
    (
        SHOP,
        Placeholder("商品名", "静岡深蒸し煎茶 100g"),
        Placeholder("質問", "水出しにも使えますか。"),
        Placeholder("回答", "はい。冷水 1L に 15g を入れ、冷蔵庫で 3 時間ほどでお飲みいただけます。"),
        Placeholder("リンク", "https://shop.example.jp/products/sencha/"),
        SIGNATURE,
    ),
)
