"""Line icons (アイコン): our own drawings on a 24 px grid, stroke 1.75, round ends. Names are what they show."""

from __future__ import annotations

ICONS = {
    # Shop
    "home": '<path d="M4 11.5 12 5l8 6.5"/><path d="M6 10v9.5h12V10"/><path d="M10 19.5V14h4v5.5"/>',
    "inbox": '<path d="M4 13.5 6.5 5h11L20 13.5V19H4z"/><path d="M4 13.5h4.5l1.2 2.5h4.6l1.2-2.5H20"/>',
    "truck": '<path d="M3 6.5h10.5v10H3z"/><path d="M13.5 10H18l3 3.2v3.3h-7.5"/><circle cx="7.5" cy="17.5" r="1.9"/>'
    '<circle cx="17" cy="17.5" r="1.9"/>',
    "box": '<path d="M4 8l8-4 8 4v8.5l-8 4-8-4z"/><path d="M4 8l8 4 8-4"/><path d="M12 12v8.5"/><path d="M8 6l8 4"/>',
    "boxes": '<path d="M8.5 4.5h7v6h-7z"/><path d="M4 13.5h7v6H4z"/><path d="M13 13.5h7v6h-7z"/><path d="M12 4.5V7"/>'
    '<path d="M7.5 13.5V16"/><path d="M16.5 13.5V16"/>',
    "tag": '<path d="M4 4.5h7.5L20 13l-7 7-9-8.5z"/><circle cx="8.3" cy="8.6" r="1.3"/>',
    "barcode": '<path d="M4 6v12M7 6v12M10.5 6v12M13 6v12M17 6v12M20 6v12"/>',
    "warehouse": '<path d="M3.5 20V9.5L12 4.5l8.5 5V20"/><path d="M7.5 20v-7.5h9V20"/><path d="M7.5 16.2h9"/>',
    "cart": '<path d="M3 4.5h2.5l2.3 10.5h9.7L20 8H6.3"/><circle cx="9" cy="18.8" r="1.4"/>'
    '<circle cx="16.3" cy="18.8" r="1.4"/>',
    "receive": '<path d="M12 3.5v9"/><path d="M8.5 9.3 12 12.7l3.5-3.4"/><path d="M4 13v7h16v-7"/>',
    "gift": '<path d="M4 9h16v3.5H4z"/><path d="M5.5 12.5V20h13v-7.5"/><path d="M12 9v11"/>'
    '<path d="M12 9C9 9 7.5 8 7.5 6.3S10.5 4 12 9c1.5-5 4.5-4.4 4.5-2.7S15 9 12 9z"/>',
    "return": '<path d="M8.5 5 4.5 9l4 4"/><path d="M4.5 9h10a5 5 0 0 1 0 10H9"/>',
    "scan": '<path d="M4 8V4.5h3.5M16.5 4.5H20V8M20 16v3.5h-3.5M7.5 19.5H4V16"/><path d="M8 9v6M12 9v6M16 9v6"/>',
    "store": '<path d="M4.5 9.5V20h15V9.5"/><path d="M3.5 9.5 5.5 4h13l2 5.5a2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 '
    '1-5.8 0 2.8 2.8 0 0 1-5.6 0z"/><path d="M9.5 20v-5h5v5"/>',
    # Money
    "yen": '<path d="M6.5 4.5 12 12l5.5-7.5"/><path d="M12 12v8"/><path d="M7.5 12.5h9M7.5 16h9"/>',
    "bank": '<path d="M4 9.5 12 4.5l8 5z"/><path d="M6 9.5V17M10 9.5V17M14 9.5V17M18 9.5V17"/><path d="M4 19.5h16"/>',
    "invoice": '<path d="M6 3.5h12V20.5l-2.4-1.6-2 1.6-1.6-1.6-1.6 1.6-2-1.6L6 20.5z"/><path d="M9 8.5h6M9 12h6"/>',
    "wallet": '<path d="M4 7.5A2 2 0 0 1 6 5.5h11v3"/><path d="M4 7.5v10a2 2 0 0 0 2 2h14v-11H5"/>'
    '<circle cx="16.3" cy="14" r="1"/>',
    "scale": '<path d="M12 4v16M8 20h8"/><path d="M5.5 7h13"/><path d="M5.5 7 3 13a2.7 2.7 0 0 0 5 0z"/>'
    '<path d="M18.5 7 16 13a2.7 2.7 0 0 0 5 0z"/>',
    # Information and people
    "chart": '<path d="M4.5 4.5v15h15"/><path d="M8.5 16v-4.5M12.5 16V8.5M16.5 16v-6"/>',
    "trend": '<path d="M4 17l5.5-5.5 3.5 3.5L20 8"/><path d="M15 7.5h5v5"/>',
    "megaphone": '<path d="M4 10v4.5h3l8.5 4.5V5.5L7 10z"/><path d="M18.5 10a3.2 3.2 0 0 1 0 4.5"/><path d="M8 14.7 9 20"/>',
    "book": '<path d="M12 6.5C10 5 7.5 4.5 4 4.5v13.5c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V4.5c-3.5 0-6 .5-8 2z"/><path d="M12 6.5V20"/>',
    "chat": '<path d="M4 5.5h16v11h-8.5L7 20v-3.5H4z"/><path d="M8 9.5h8M8 12.7h5"/>',
    "mail": '<path d="M3.5 6h17v12h-17z"/><path d="M4 6.8l8 6.2 8-6.2"/>',
    "phone": '<path d="M6 4.5h3l1.5 4-2 1.5a11 11 0 0 0 5 5l1.5-2 4 1.5v3a1.8 1.8 0 0 1-2 1.8A15 15 0 0 1 4.2 6.5 1.8 1.8 0 0 1 6 4.5z"/>',
    "user": '<circle cx="12" cy="8.3" r="3.7"/><path d="M5 20c.4-4 3.2-6.2 7-6.2s6.6 2.2 7 6.2"/>',
    "users": '<circle cx="9" cy="8.8" r="3.2"/><path d="M3 19.5c.3-3.6 2.6-5.5 6-5.5s5.7 1.9 6 5.5"/>'
    '<path d="M15.5 6a3 3 0 0 1 0 5.7"/><path d="M17.5 14.5c2 .7 3.2 2.4 3.5 5"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z"/><path d="M10 20.5h4"/>',
    "star": '<path d="m12 4.3 2.4 5 5.4.7-4 3.8 1 5.4-4.8-2.7-4.8 2.7 1-5.4-4-3.8 5.4-.7z"/>',
    "bookmark": '<path d="M6.5 4.5h11v16L12 16.3 6.5 20.5z"/>',
    # System
    "settings": '<path d="M4 7.5h9M17.5 7.5H20M4 16.5h2.5M11 16.5h9"/><circle cx="15.3" cy="7.5" r="2.2"/>'
    '<circle cx="8.7" cy="16.5" r="2.2"/>',
    "pulse": '<path d="M3.5 12.5h4l2.5-7 4 13 2.5-6h4"/>',
    "shield": '<path d="M12 3.8 19 6.3v5.5c0 4.3-2.8 7-7 8.7-4.2-1.7-7-4.4-7-8.7V6.3z"/><path d="m9 12 2.2 2.2L15.3 10"/>',
    "database": '<ellipse cx="12" cy="6.5" rx="7" ry="2.7"/><path d="M5 6.5v11c0 1.5 3.1 2.7 7 2.7s7-1.2 7-2.7v-11"/>'
    '<path d="M5 12c0 1.5 3.1 2.7 7 2.7s7-1.2 7-2.7"/>',
    "layers": '<path d="m12 4 8.5 4.3L12 12.6 3.5 8.3z"/><path d="M4 12.3l8 4 8-4"/><path d="M4 16.2l8 4 8-4"/>',
    "key": '<circle cx="8" cy="15.5" r="3.7"/><path d="m10.7 12.8 8-8.3M15.7 7.7l2.8 2.6"/>',
    "lock": '<path d="M5.5 11h13v9h-13z"/><path d="M8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "keyboard": '<path d="M3.5 6.5h17v11h-17z"/><path d="M7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8.5 14h7"/>',
    # Files
    "file": '<path d="M6 3.5h8l4 4v13H6z"/><path d="M14 3.5v4h4"/>',
    "files": '<path d="M8.5 3.5h6.5l4 4v9.5H8.5z"/><path d="M15 3.5v4h4"/><path d="M5 7.5v13h10"/>',
    "upload": '<path d="M12 15V4.5"/><path d="M8 8.3l4-3.8 4 3.8"/><path d="M4.5 15v4.5h15V15"/>',
    "download": '<path d="M12 4.5V15"/><path d="M8 11.2l4 3.8 4-3.8"/><path d="M4.5 15v4.5h15V15"/>',
    "printer": '<path d="M7 8.5v-5h10v5"/><path d="M7 17H4V8.5h16V17h-3"/><path d="M7 14h10v6.5H7z"/>',
    "image": '<path d="M4 5h16v14H4z"/><circle cx="9" cy="9.8" r="1.6"/><path d="m5 18 5-4.5 3 2.5 3-3.5 4 4"/>',
    # Acts
    "search": '<circle cx="10.8" cy="10.8" r="6"/><path d="m15.3 15.3 4.7 4.7"/>',
    "filter": '<path d="M4 5.5h16l-6.2 7.2v6.3l-3.6-2v-4.3z"/>',
    "columns": '<path d="M4 5h16v14H4z"/><path d="M9.3 5v14M14.7 5v14"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "x": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.7 4.5 4.5L19 7.5"/>',
    "edit": '<path d="m5 15.5 10.5-11 4 4L9 19l-4.5 1z"/><path d="m13 7.2 4 4"/>',
    "trash": '<path d="M4.5 7h15"/><path d="M9 7V4.5h6V7"/><path d="M6.5 7l1 13h9l1-13"/><path d="M10.2 10.5v6M13.8 10.5v6"/>',
    "copy": '<path d="M8.5 8.5h11v11h-11z"/><path d="M15.5 8.5v-4h-11v11h4"/>',
    "undo": '<path d="M8 5.5 4.5 9 8 12.5"/><path d="M4.5 9H14a5 5 0 0 1 5 5v0a5 5 0 0 1-5 5h-3"/>',
    "refresh": '<path d="M19 12a7 7 0 1 1-2.1-5"/><path d="M19.5 4v4h-4"/>',
    "link": '<path d="M10 14a3.7 3.7 0 0 0 5.5.300l3-3a3.7 3.7 0 0 0-5.3-5.2l-1.5 1.5"/>'
    '<path d="M14 10a3.7 3.7 0 0 0-5.5-.3l-3 3a3.7 3.7 0 0 0 5.3 5.2l1.5-1.5"/>',
    "external": '<path d="M13.5 4.5h6v6"/><path d="m19.5 4.5-9 9"/><path d="M17.5 14v5.5h-13v-13H10"/>',
    "send": '<path d="M20 4 4 10.5l6 3 3 6z"/><path d="m10 13.5 10-9.5"/>',
    "split": '<path d="M4 12h5l5-6h6M14 18h6"/><path d="m9 12 5 6"/><path d="m17.5 3.5 2.5 2.5-2.5 2.5M17.5 15.5 20 18l-2.5 2.5"/>',
    "merge": '<path d="M4 6h5l5 6h6M4 18h5l5-6"/><path d="m17.5 9.5 2.5 2.5-2.5 2.5"/>',
    "swap": '<path d="M4.5 8.5h14M15 5l3.5 3.5L15 12"/><path d="M19.5 15.5h-14M9 12l-3.5 3.5L9 19"/>',
    "pause": '<path d="M9 6v12M15 6v12"/>',
    "play": '<path d="M7.5 5v14l11-7z"/>',
    "logout": '<path d="M13.5 4.5h-9v15h9"/><path d="M9.5 12H20M16.5 8.5 20 12l-3.5 3.5"/>',
    # Signs
    "alert": '<path d="M12 4.5 21 19.5H3z"/><path d="M12 10v4.5"/><path d="M12 17.1v.01"/>',
    "info": '<circle cx="12" cy="12" r="8"/><path d="M12 11.3V16"/><path d="M12 8.2v.01"/>',
    "check-circle": '<circle cx="12" cy="12" r="8"/><path d="m8.5 12.3 2.5 2.4 4.6-5"/>',
    "x-circle": '<circle cx="12" cy="12" r="8"/><path d="m9.3 9.3 5.4 5.4M14.7 9.3l-5.4 5.4"/>',
    "help": '<circle cx="12" cy="12" r="8"/><path d="M9.7 9.8a2.3 2.3 0 1 1 3.3 2.2c-.7.4-1 .8-1 1.6"/><path d="M12 16.2v.01"/>',
    "clock": '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
    "calendar": '<path d="M4.5 6h15v14h-15z"/><path d="M4.5 10.2h15M8.5 3.5V7M15.5 3.5V7"/>',
    "eye": '<path d="M3 12c2-4 5-6 9-6s7 2 9 6c-2 4-5 6-9 6s-7-2-9-6z"/><circle cx="12" cy="12" r="2.7"/>',
    "pin": '<path d="M12 21c4.3-4.6 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2.2 6.4 6.5 11z"/><circle cx="12" cy="10" r="2.3"/>',
    "hand": '<path d="M8 12.5V6.7a1.3 1.3 0 0 1 2.6 0v4-5.7a1.3 1.3 0 0 1 2.6 0v5.7-4.7a1.3 1.3 0 0 1 2.6 0v6-2.7a1.3 1.3 0 0 '
    '1 2.6 0v5.2c0 3.5-2.2 6-5.6 6-2.8 0-4-1-5.3-3.2l-2.9-4.6c-.8-1.5 1.2-2.7 2.2-1.3z"/>',
    "list": '<path d="M8.5 6.5H20M8.5 12H20M8.5 17.5H20"/><path d="M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"/>',
    "dot": '<circle cx="12" cy="12" r="2.5"/>',
    # Furniture of the shell
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "more": '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.6"/>',
    "chevron-down": '<path d="m6.5 9.5 5.5 5.5 5.5-5.5"/>',
    "chevron-up": '<path d="m6.5 14.5 5.5-5.5 5.5 5.5"/>',
    "chevron-right": '<path d="m9.5 6.5 5.5 5.5-5.5 5.5"/>',
    "chevron-left": '<path d="m14.5 6.5-5.5 5.5 5.5 5.5"/>',
    "arrow-right": '<path d="M4.5 12H19M13.5 6.5 19 12l-5.5 5.5"/>',
    "sort": '<path d="m8.5 9.5 3.5-3.5 3.5 3.5M8.5 14.5 12 18l3.5-3.5"/>',
    "sun": '<circle cx="12" cy="12" r="3.7"/><path d="M12 3.5v2M12 18.5v2M3.5 12h2M18.5 12h2M6 6l1.4 1.4M16.6 16.6 18 18M18 '
    '6l-1.4 1.4M7.4 16.6 6 18"/>',
    "moon": '<path d="M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z"/>',
    "contrast": '<circle cx="12" cy="12" r="8"/><path d="M12 4v16a8 8 0 0 0 0-16z" fill="currentColor" stroke="none"/>',
    "panel": '<path d="M4 5h16v14H4z"/><path d="M9.5 5v14"/>',
}  # fmt: skip


def svg(name: str, label: str = "") -> str:
    """The icon as inline SVG. Without `label` it is decoration. Raises KeyError for an unknown name."""
    hidden = f'role="img" aria-label="{label}"' if label else 'aria-hidden="true"'
    return f'<svg class="icon" viewBox="0 0 24 24" {hidden}>{ICONS[name]}</svg>'
