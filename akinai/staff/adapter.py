"""How allauth behaves here: nobody signs up alone, and secrets of the second factor are stored encrypted."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """担当者は店長が登録する."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """二段階認証. A copy of the database alone does not give the codes away: the key lies in the home folder."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "数字が違います。アプリに出ている新しい数字を入れてください。",
    }

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"akinai second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
