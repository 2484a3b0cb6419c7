"""問い合わせの一覧の列: what Zendesk, Freshdesk, Freshservice, HubSpot, Salesforce and Japanese help desks call them.

The best name stands first: of Zendesk's two resolutions the full one counts, which runs on when a ticket is opened again.
"""

from __future__ import annotations

from akinai.core import intake

F = intake.Field
FIELDS = (
    F("number", "問い合わせ番号", required=True, names=("ticket_id", "ticket id", "ticket number", "ticket no", "ticket #", "チケット番号", "チケットID", "受付番号", "お問い合わせ番号", "お問合せ番号", "案件番号", "管理番号", "番号", "id", "case id", "case number", "conversation id")),
    F("opened_at", "受付日時", required=True, names=("created_date", "created at", "created time", "create date", "creation date", "created on", "created", "opened at", "date created", "date/time opened", "opened date", "requested at", "受付日", "作成日時", "作成日", "登録日時", "問い合わせ日時", "お問い合わせ日時", "起票日時", "発生日時", "date")),
    F("solved_at", "解決日時", names=("resolved_date", "resolved at", "resolved time", "solved at", "close date", "closed time", "closed at", "closed date", "date/time closed", "completed at", "完了日時", "解決日", "対応完了日時", "対応完了日", "完了日", "クローズ日時")),
    F("channel", "経路", names=("channel", "ticket channel", "ticket source", "source", "case origin", "チャネル", "チャンネル", "受付経路", "受付方法", "問い合わせ方法", "媒体", "via")),
    F("category", "種類", names=("category", "ticket category", "ticket type", "type", "カテゴリ", "カテゴリー", "問い合わせ種別", "お問い合わせ種別", "問い合わせ種類", "分類", "種別", "issue type", "case reason")),
    F("priority", "優先度", names=("priority", "ticket priority", "urgency", "severity", "重要度", "緊急度", "優先順位")),
    F("agent", "担当", names=("agent", "assignee", "担当者", "対応者", "担当者名", "対応担当者", "ticket owner", "case owner", "owner", "assigned to", "assigned agent")),
    F("team", "チーム", names=("team", "group", "assignment group", "department", "部署", "グループ", "担当部署", "担当グループ")),
    F("state", "状態", names=("status", "ticket status", "ステータス", "対応状況", "対応ステータス", "state")),
    F("first_reply_minutes", "初回返信（分）", names=(
        "first_response_minutes", "first reply time in minutes", "first reply time (in minutes)", "first reply time (min)", "first reply time (minutes)",
        "first response time (minutes)", "first response time (in mins)", "first response time in minutes", "response time minutes", "初回応答時間（分）", "初回返信時間（分）",
        "first reply time in minutes within business hours")),
    F("first_reply_hours", "初回返信（時間）", names=("first_response_hours", "first response time (in hrs)", "first response time (hours)", "first response time (in hours)", "first reply hours", "初回応答時間（時間）", "初回返信時間（時間）")),
    F("first_reply_seconds", "初回返信（秒）", names=("first_response_seconds", "first response time (seconds)", "time to first response (seconds)", "first reply seconds")),
    F("first_replied_at", "初回返信の日時か時間", names=(
        "first response time", "first responded at", "first_response_at", "first replied at", "initial response time", "first reply time", "time to first response (HH:mm:ss)",
        "time to first response", "time to first agent email reply (HH:mm:ss)", "time to first agent reply", "初回返信日時", "初回応答日時", "初回返信時間", "初回応答時間")),
    F("resolution_hours", "解決（時間）", names=("resolution_hours", "resolution time (in hrs)", "resolution time (hours)", "resolution time (in hours)", "resolution time hours", "time to resolution (hours)", "解決時間（時間）", "解決までの時間（時間）")),
    F("resolution_minutes", "解決（分）", names=(
        "resolution_minutes", "full resolution time in minutes", "full resolution time (in minutes)", "full resolution time (min)", "resolution time (minutes)",
        "resolution time in minutes", "first resolution time in minutes", "解決時間（分）", "解決までの時間（分）", "full resolution time in minutes within business hours")),
    F("resolution_seconds", "解決（秒）", names=("resolution_seconds", "resolution time (seconds)", "time to close (seconds)")),
    F("resolution_told", "解決までの時間か日時", names=("time to resolution", "time to close (HH:mm:ss)", "time to close", "full resolution time", "resolution time", "解決時間", "解決までの時間", "対応時間")),
    F("first_reply_kept", "初回返信の約束を守った", names=("response_sla_met", "first response status", "first response sla met", "time to first response SLA status", "first response SLA status", "初回返信SLA", "初回応答SLA")),
    F("first_reply_broken", "初回返信の約束を破った", names=("response_sla_breached", "first response sla breached", "first response breached", "response sla violated")),
    F("resolution_kept", "解決の約束を守った", names=("resolution_sla_met", "resolution status", "resolution sla met", "time to close SLA status", "resolution SLA status", "解決SLA")),
    F("resolution_broken", "解決の約束を破った", names=("resolution_sla_breached", "resolution sla breached", "resolution breached", "resolution sla violated")),
    F("score", "満足度（1～5）", names=("csat_score", "csat", "csat rating", "satisfaction score", "satisfaction rating", "customer satisfaction rating", "customer satisfaction", "survey results", "survey result", "last csat survey rating", "満足度", "満足度評価", "顧客満足度", "評価")),
)  # fmt: skip
