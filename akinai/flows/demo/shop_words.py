"""見本の店舗のことば: what the tea shop writes on its pages. Goods by code, pictures by name; ids come in when it is opened."""

from __future__ import annotations

from typing import Any

CODES = (
    "TEA-001", "TEA-002", "TEA-003", "TEA-004", "TEA-005", "TEA-006", "TEA-007", "SWT-001", "SWT-002", "SWT-004", "POT-001",
    "POT-002", "CUP-001", "CUP-002", "TOL-001", "TOL-003", "GFT-001", "GFT-002", "GFT-003", "WRP-001",
)  # fmt: skip


def _text(*paragraphs: str) -> tuple[str, str]:
    return "text", "".join(f"<p>{one}</p>" for one in paragraphs)


def _heading(text: str) -> tuple[str, Any]:
    return "heading", {"text": text}


HOME: dict[str, Any] = {
    "headline": "一杯の、ちょうどよい時間",
    "lead": "産地の茶師が仕上げたお茶と、毎日使える器を、神田神保町からお届けしています。",
    "button_text": "特集を読む",
    "search_description": "産地の茶師が仕上げた日本茶と、常滑・波佐見の器の店。煎茶、玉露、ほうじ茶、急須、湯のみ、お茶の贈りものを神田神保町からお届けします。",
}
HOME_BODY: list[tuple[str, Any]] = [
    ("shelf", {"title": "よく選ばれているお茶と器", "category": "", "order": "best", "price_from": None, "price_to": None, "in_stock_only": True, "count": 8}),
    ("product", {"pair": ("POT-001", "POT-002"), "comment": "注ぎ口の切れがよく、茶葉がふわりと開く大きさです。はじめての急須にも。"}),
    ("products", {"title": "寒い日のお茶", "items": [("TEA-004", ""), ("TEA-007", "TEA-005"), ("TEA-006", ""), ("SWT-002", "SWT-001")]}),
    ("shelf", {"title": "三千円までの贈りもの", "category": "", "order": "newest", "price_from": 1200, "price_to": 3000, "in_stock_only": True, "count": 4}),
    ("banner", {"title": "はじめての急須とお茶", "text": "道具はひとつ、茶葉は一袋。淹れ方の動画と、はじめての方のクーポンをご用意しました。", "address": "/first-cup/"}),
    ("quote", {"text": "急須を買ったら、夕食のあとに家族がテーブルに残るようになりました。", "source": "東京都 40 代のお客様"}),
    ("stories", {"title": "茶の間だより", "kind": "BlogPage", "count": 3}),
]  # fmt: skip
INDEXES: dict[str, dict[str, Any]] = {
    "FeatureIndexPage": {
        "title": "特集",
        "slug": "features",
        "lead": "季節のお茶と、それに似合う器のはなし。",
    },
    "BlogIndexPage": {
        "title": "茶の間だより",
        "slug": "blog",
        "lead": "淹れ方、道具の手入れ、産地で聞いたこと。店の者が書いています。",
    },
    "NewsIndexPage": {"title": "お知らせ", "slug": "news"},
}
STORIES: list[tuple[int, str, dict[str, Any]]] = [
    (
        12, "FeaturePage",
        {
            "title": "冬の夜に、ほうじ茶を", "slug": "winter-hojicha", "theme": "季節", "picture": "night",
            "lead": "カフェインの少なめなほうじ茶は、夕食のあとの一杯に向いています。香りを立てる淹れ方と、合わせたい菓子をご紹介します。",
            "body": [
                _text("火を入れた茶葉の香りは、湯気といっしょに立ちのぼります。熱い湯をさっと注げるほうじ茶は、湯冷ましもいりません。",
                      "茶葉は大さじ 2 杯で約 5 グラム。沸かしたての湯 200 ミリリットルを注いで、30 秒でどうぞ。"),
                ("product", {"pair": ("TEA-004", "TEA-005"), "comment": "大きめの葉を浅く焙じた、毎日飲める一袋です。"}),
                _heading("香りを立てるこつ"),
                ("table", {"caption": "ほうじ茶の淹れ方（湯のみ 2 杯分）", "rows": "道具 | 茶葉 | 湯 | 時間\n急須 | 5 g | 95℃ 200 ml | 30 秒\nティーポット | 5 g | 95℃ 250 ml | 45 秒\n水出し | 8 g | 水 500 ml | 冷蔵庫で 3 時間"}),
                _text("最後の一滴まで注ぎきると、二煎めもおいしくいただけます。"),
                ("products", {"title": "いっしょに楽しむ", "items": [("SWT-002", "SWT-001"), ("CUP-002", "CUP-001"), ("TEA-007", "TEA-005"), ("POT-002", "POT-001")]}),
                ("questions", {"title": "よくいただく質問", "items": [
                    {"question": "ほうじ茶は何煎まで飲めますか。", "answer": "<p>二煎までがおすすめです。二煎めは湯を少し熱く、10 秒ほどで注いでください。</p>"},
                    {"question": "開けたあとの保存は。", "answer": "<p>袋の空気を抜いて口を閉じ、茶筒に入れて、湿気の少ない場所に置いてください。ひと月を目安にお飲みください。</p>"},
                ]}),
            ],
        },
    ),
    (
        5, "FeaturePage",
        {
            "title": "お茶を贈る", "slug": "tea-gifts", "theme": "贈りもの", "picture": "cup",
            "lead": "お世話になった方へ。予算とお相手で選べる、お茶と器の贈りものをそろえました。のしと手提げ袋も承ります。",
            "body": [
                _text("贈りものは、相手の毎日にそっと置かれるものがうれしい。軽くて日持ちのするお茶は、遠くの方にも、ご家族の多い方にも選びやすい品です。"),
                ("shelf", {"title": "五千円までの贈りもの", "category": "", "order": "best", "price_from": 2000, "price_to": 5000, "in_stock_only": True, "count": 4}),
                _heading("器といっしょに"),
                ("product", {"pair": ("GFT-002", "GFT-001"), "comment": "急須と湯のみをひと箱に。ご結婚や新しい暮らしのお祝いに。"}),
                ("button", {"text": "贈りものの商品を見る", "page": None, "address": "/search/?q=詰め合わせ"}),
            ],
        },
    ),
    (
        18, "BlogPage",
        {
            "title": "急須は洗剤で洗わない", "slug": "kyusu-care", "author": "見本 花子", "author_role": "店主・日本茶インストラクター",
            "tags": ("器", "手入れ"), "picture": "cup", "lead": "土ものの急須は、香りを吸います。使ったらすぐに、湯だけで。",
            "body": [
                _text("常滑の急須をお買い上げの方に、かならず一言お伝えしていることがあります。洗剤は使わないでください、ということです。",
                      "素焼きの肌は目に見えない穴だらけで、洗剤の香りも吸ってしまいます。茶殻を出して湯で流し、蓋を外して伏せておけば十分です。"),
                ("product", {"pair": ("POT-001", "POT-002"), "comment": "使うほどに艶の出る、朱泥の急須。"}),
                _heading("茶渋が気になったら"),
                _text("湯のみの茶渋は、重曹を小さじ 1 杯溶かしたぬるま湯に 30 分。やわらかい布でなでるように落とします。"),
            ],
        },
    ),
    (
        9, "BlogPage",
        {
            "title": "深蒸し煎茶は、ぬるめの湯で", "slug": "fukamushi", "author": "田中 一樹", "author_role": "仕入れ担当",
            "tags": ("淹れ方", "煎茶"), "picture": "field", "lead": "濃い緑の水色と、まろやかな味。70 度で 40 秒が目安です。",
            "body": [
                _text("静岡の深蒸し煎茶は、蒸す時間をふつうの煎茶の 2 倍ほど長くとります。葉がほろほろとくずれ、短い時間でも味が出ます。"),
                ("picture", {"image": "field", "caption": "10 月、牧之原の茶畑。朝 7 時。"}),
                _text("湯を一度湯のみに移すと、だいたい 80 度。もう一度移しかえれば 70 度です。温度計がなくても、器が教えてくれます。"),
                ("products", {"title": "この記事のお茶と器", "items": [("TEA-003", "TEA-005"), ("CUP-001", "CUP-002"), ("TOL-003", "")]}),
            ],
        },
    ),
    (
        3, "BlogPage",
        {
            "title": "抹茶を、ふだん着で", "slug": "everyday-matcha", "author": "見本 花子", "author_role": "店主・日本茶インストラクター",
            "tags": ("淹れ方", "抹茶"), "picture": "autumn", "lead": "茶碗がなければ、カフェオレボウルで。作法より先に、まず一服。",
            "body": [
                _text("抹茶は 2 グラム、茶さじに軽く 2 杯。80 度の湯を 60 ミリリットル注いで、手首を前後に振るように茶筅を動かします。"),
                ("products", {"title": "はじめての一式", "items": [("TEA-002", ""), ("TOL-001", ""), ("SWT-004", "SWT-001")]}),
                ("quote", {"text": "泡の大きさは気にしなくていいんです。おいしければ、それがいちばん。", "source": "八女の茶師"}),
            ],
        },
    ),
    (
        14, "NewsPage",
        {"title": "価格改定のお知らせ", "slug": "prices-2026", "lead": "原料の値上がりにともない、一部の商品の価格を見直しました。",
         "body": [_text("静岡深蒸し煎茶、ほうじ茶、黒糖かりんとうの価格を改めました。これからも産地の方と相談しながら、続けられる価格でお届けします。")]},
    ),
    (
        8, "NewsPage",
        {"title": "お客様アンケートにご協力ください", "slug": "autumn-survey", "lead": "いただいたお声を、品ぞろえと梱包に役立てます。",
         "body": [_text("お買い物のあとのお気持ちを、すこしだけお聞かせください。お一人さま 1 回、スマートフォンからもお答えいただけます。"),
                  ("survey", {"survey": "autumn", "text": "3 分ほどで終わります。"})]},
    ),
    (
        2, "NewsPage",
        {"title": "年末年始の発送について", "slug": "year-end", "is_important": True, "lead": "12 月 29 日から 1 月 4 日まで、発送をお休みします。",
         "body": [_text("12 月 28 日 15 時までのご注文は、年内に発送します。お休みのあいだのご注文は、1 月 5 日から順に発送します。")]},
    ),
]  # fmt: skip
FAQ: dict[str, Any] = {
    "title": "よくある質問", "slug": "faq", "lead": "お急ぎのときは、お問い合わせからもどうぞ。",
    "questions": [
        ("group", {"title": "ご注文とお届け", "items": [
            {"question": "注文してから何日で届きますか。", "answer": "<p>在庫のある商品は、15 時までのご注文で当日に発送します。関東は翌日、北海道と九州は翌々日が目安です。</p>"},
            {"question": "届け先をいくつかに分けられますか。", "answer": "<p>お届け先ごとにご注文ください。のしと手提げ袋も、お届け先ごとに選べます。</p>"},
        ]}),
        ("group", {"title": "お支払い", "items": [
            {"question": "どんな支払い方法がありますか。", "answer": "<p>クレジットカード、銀行振込、代金引換をご利用いただけます。</p>"},
            {"question": "領収書は出ますか。", "answer": "<p>ご注文の確認ページから、適格請求書の形で発行できます。</p>"},
        ]}),
        ("group", {"title": "お茶と器", "items": [
            {"question": "賞味期限はどのくらいですか。", "answer": "<p>お茶は製造から 8 か月以上、お菓子は 30 日以上あるものをお届けします。</p>"},
            {"question": "器は食洗機で洗えますか。", "answer": "<p>急須と湯のみは、手で洗ってください。漆の茶托は水に浸けずに、やわらかい布で拭いてください。</p>"},
        ]}),
    ],
}  # fmt: skip
LANDING: dict[str, Any] = {
    "title": "はじめての急須とお茶", "slug": "first-cup", "picture": "cup", "is_bare": True,
    "lead": "湯をさして、待つあいだの一分。急須で淹れるお茶を、今日から。",
    "search_description": "はじめて急須でお茶を淹れる方へ。扱いやすい急須と深蒸し煎茶、淹れ方の動画、はじめてのお買い物に使えるクーポンをご案内します。",
    "body": [
        ("columns", {
            "left": [("heading", {"text": "道具はひとつ"}), _text("300 ミリリットルの急須があれば、二人分を一度に注げます。網の目が細かいので、葉の細かな深蒸し煎茶も詰まりません。")],
            "right": [("picture", {"image": "field", "caption": "静岡・牧之原。深蒸し煎茶の産地です。"})],
        }),
        ("product", {"pair": ("POT-001", "POT-002"), "comment": "注ぎ口の切れがよく、はじめての方にも扱いやすい急須です。"}),
        ("video", {"video": "how-to-brew"}),
        ("products", {"title": "最初の一袋", "items": [("TEA-003", "TEA-005"), ("TEA-004", ""), ("TEA-007", "TEA-005"), ("SWT-001", "")]}),
        ("coupon", {"code": "HAJIMETE500", "title": "はじめてのお買い物に 500円引き", "terms": "税込 3,000円以上のご注文で、お一人さま 1 回。", "ends_at": None}),
        ("questions", {"title": "はじめての方からの質問", "items": [
            {"question": "急須は何で洗えばよいですか。", "answer": "<p>湯だけで流してください。洗剤の香りが土に移ります。</p>"},
            {"question": "茶葉はどのくらい入れますか。", "answer": "<p>一人分は 4 グラム、ティースプーンに軽く 2 杯です。</p>"},
        ]}),
        ("button", {"text": "お茶と茶器を見る", "page": None, "address": "/categories/teaware/"}),
    ],
}  # fmt: skip
PLANNED: dict[str, Any] = {
    "title": "大福茶で迎える朝", "slug": "obukucha", "theme": "季節", "picture": "field",
    "lead": "元日の朝にいただく、梅と昆布のお茶のはなし。",
    "body": [_text("大福茶は、平安のころから続く京都の正月の習わしです。若水で淹れたお茶に、結び昆布と小梅を入れていただきます。"),
             ("products", {"title": "支度するもの", "items": [("TEA-003", "TEA-005"), ("CUP-001", "CUP-002"), ("WRP-001", "")]})],
}  # fmt: skip
IN_BUNDLE: dict[str, Any] = {
    "title": "歳末の市", "slug": "year-end-market", "theme": "季節", "picture": "autumn",
    "lead": "年越しの一服に。毎日のお茶を、12 月のあいだお求めやすい価格でご用意しました。",
    "body": [_text("一年のおしまいに、いつものお茶をたっぷりと。お正月のお客様用にもどうぞ。"),
             ("products", {"title": "歳末の品", "items": [("TEA-004", ""), ("TEA-005", ""), ("SWT-001", "")]})],
}  # fmt: skip
BUNDLE_PRICES = (("TEA-004", 780), ("TEA-005", 580))
BUNDLE_ANNOUNCEMENT = "歳末の市を開いています。12 月 28 日 15 時のご注文まで、年内に発送します。"
