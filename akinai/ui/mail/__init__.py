"""Screens of the outbox and of the texts of mails (送信メール・メールの文面)."""
