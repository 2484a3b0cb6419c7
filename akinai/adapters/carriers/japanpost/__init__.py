"""日本郵便 ゆうプリR: 取込レイアウトに合わせて発送予定データを書き、発送履歴からお問い合わせ番号を受け取る。"""

from akinai.adapters.carriers.japanpost.carrier import JapanPost

__all__ = ["JapanPost"]
