"""Banks (銀行): one folder per format, each turns a file into `payments.ports.Statement`s.

口座の入出金明細・振込入金通知を読む。読み方は銀行ごとに1フォルダー、共通の言葉と残高の検算はこの階にある。
"""

from __future__ import annotations


def register_banks() -> None:
    """The table of banks: one line brings a door into use. Detection asks them in this order."""
    from functools import partial

    from akinai.adapters.banks import strangers
    from akinai.adapters.banks.generic import GenericBank
    from akinai.adapters.banks.ja_eb import JaEbBank
    from akinai.adapters.banks.mizuho import MizuhoBank
    from akinai.adapters.banks.mufg import MufgBank
    from akinai.adapters.banks.paypay_bank import PayPayBank
    from akinai.adapters.banks.rakuten_bank import RakutenBank
    from akinai.adapters.banks.sbi_sumishin import SbiSumishinBank
    from akinai.adapters.banks.smbc import SmbcBank
    from akinai.adapters.banks.yucho import YuchoBank
    from akinai.adapters.banks.zengin import ZenginBank
    from akinai.payments.ports import FORMATS, register_format, register_stranger

    register_format(ZenginBank())
    register_format(MufgBank())
    register_format(SmbcBank())
    register_format(MizuhoBank())
    register_format(PayPayBank())
    register_format(RakutenBank())
    register_format(SbiSumishinBank())
    register_format(YuchoBank())
    register_format(JaEbBank())
    register_format(GenericBank())
    register_stranger(partial(strangers.explain, banks=tuple(FORMATS.values())))
