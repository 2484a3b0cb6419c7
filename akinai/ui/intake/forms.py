"""Forms of the intake (取込の入力): which files, which format, which options; which column is which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from akinai.core import intake
from akinai.core.tables import MAX_BYTES
from akinai.ui.forms import FilesField

ACCEPT = (".csv", ".tsv", ".txt", ".dat", ".xlsx", ".xls")
OPTION = "option_"


class OptionsForm(forms.Form):
    """形式と指定 of one kind: fields are made from `kind.formats()` and `kind.options()`."""

    def __init__(self, kind: intake.Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if formats := list(kind.formats()):
            choices = [("", "自動で判定する"), *((one.code, one.title) for one in formats)]
            if kind.fields() and intake.GENERIC not in {one.code for one in formats}:
                choices.append((intake.GENERIC, "そのほかの表（列の対応を使う）"))
            self.fields["format"] = forms.ChoiceField(label="形式", choices=choices, required=False)
        for option in kind.options():
            self.fields[OPTION + option.code] = _field(option)

    def chosen(self) -> dict[str, Any]:
        """The options as the kind gets them; what was left empty is left out."""
        found = {
            name.removeprefix(OPTION): value for name, value in self.cleaned_data.items() if name != "files"
        }
        return {name: value for name, value in found.items() if value not in ("", None, False)}

    @classmethod
    def showing(cls, kind: intake.Kind, options: Mapping[str, Any]) -> OptionsForm:
        """The form filled with the options of an intake."""
        initial = {OPTION + name: value for name, value in options.items()} | {
            "format": options.get("format", "")
        }
        return cls(kind, initial=initial)


def _field(option: intake.Option) -> forms.Field:
    if option.choices is None:
        return forms.BooleanField(label=option.label, help_text=option.help, required=False)
    choices = [("", "（指定しない）"), *option.choices()]
    return forms.ChoiceField(label=option.label, help_text=option.help, choices=choices, required=False)


class UploadForm(OptionsForm):
    """取込: the files and the options."""

    files = FilesField(  # type: ignore[assignment]  # Django moves declared fields out of the class
        label="ファイル",
        accept=ACCEPT,
        help_text="CSV・TSV・Excel。文字コード（UTF-8・Shift_JIS）と区切りは自動で判定します。",
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。もう一度ダウンロードしたファイルを選んでください。",
        },
        allow_empty_file=True,
        max_length=400,
    )

    def __init__(self, kind: intake.Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(kind, *args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = ",".join([*ACCEPT, *kind.beside])
        self.fields["files"].help_text += kind.beside_hint

    def clean_files(self) -> list[Any]:
        """Refuse by size before a byte is read."""
        files: list[Any] = self.cleaned_data["files"]
        if not files:
            raise forms.ValidationError("ファイルを選んでください。")
        for file in files:
            if file.size > MAX_BYTES:
                limit = MAX_BYTES // 1024 // 1024
                text = (
                    f"「{file.name}」が大きすぎます（{limit}MBまで）。期間を分けてダウンロードしてください。"
                )
                raise forms.ValidationError(text)
        return files


class MappingForm(forms.Form):
    """列の対応: one choice of a field for each column of the file."""

    name = forms.CharField(
        label="この対応の名前",
        max_length=60,
        required=False,
        help_text="名前を付けると保存され、次から同じ列のファイルに自動で使われます。",
    )

    def __init__(
        self,
        fields: Sequence[intake.Field],
        headers: Sequence[str],
        *args: Any,
        mapped: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headers = list(headers)
        by_column = {column: field for field, column in mapped.items()}
        choices = [("", "使わない")] + [
            (one.code, one.label + ("（必須）" if one.required else "")) for one in fields
        ]
        for at, header in enumerate(self.headers):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=by_column.get(header, "")
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        used = [value for name, value in data.items() if name.startswith("column_") and value]
        if twice := {code for code in used if used.count(code) > 1}:
            labels = dict(self.fields["column_0"].choices)  # type: ignore[attr-defined]
            names = "、".join(f"「{labels[code]}」" for code in sorted(twice))
            raise forms.ValidationError(
                f"項目 {names} に2つ以上の列が選ばれています。1つの列だけにしてください。"
            )
        return data

    def columns(self) -> dict[str, str]:
        """field → column."""
        pairs = ((self.cleaned_data.get(f"column_{at}"), header) for at, header in enumerate(self.headers))
        return {field: header for field, header in pairs if field}
