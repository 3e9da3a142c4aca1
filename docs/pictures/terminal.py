"""Writes what a terminal got, with its colours, as a page of HTML: terminal.py COMMAND < OUTPUT."""

import html
import re
import sys

COLOURS = {1: "#ff7b72", 2: "#7ee787", 3: "#e3b341", 4: "#79c0ff", 5: "#d2a8ff", 6: "#76e3ea", 8: "#8b949e", 9: "#ff7b72", 10: "#7ee787", 11: "#e3b341", 12: "#79c0ff", 14: "#76e3ea"}


def style(codes, now):
    """The style after the codes of one escape sequence."""
    codes = [int(c or 0) for c in codes.split(";")]
    while codes:
        c = codes.pop(0)
        if c == 0:
            now = {}
        elif c == 1:
            now = now | {"font-weight": "bold"}
        elif c == 2:
            now = now | {"opacity": ".7"}
        elif c == 4:
            now = now | {"text-decoration": "underline"}
        elif c == 38 and codes[:1] == [5]:
            now = now | {"color": COLOURS.get(codes[1], "#c9d1d9")}
            codes = codes[2:]
        elif 30 <= c <= 37 or 90 <= c <= 97:
            now = now | {"color": COLOURS.get(c - 30 if c < 90 else c - 82, "#c9d1d9")}
        elif c == 39:
            now = {k: v for k, v in now.items() if k != "color"}
        elif c == 22:
            now = {k: v for k, v in now.items() if k not in ("font-weight", "opacity")}
        elif c == 24:
            now = {k: v for k, v in now.items() if k != "text-decoration"}
    return now


text = sys.stdin.read().replace("\r", "")
text = re.sub(r"\x1b\][^\x07\x1b]*(\x07|\x1b\\)", "", text)
out, now = [], {}
for part in re.split(r"(\x1b\[[0-9;?]*[A-Za-z])", text.rstrip("\n")):
    if part.startswith("\x1b["):
        if part.endswith("m"):
            now = style(part[2:-1], now)
    elif part:
        css = ";".join(f"{k}:{v}" for k, v in now.items())
        out.append(f'<span style="{css}">{html.escape(part)}</span>' if css else html.escape(part))
body = "".join(out)
print(f"""<!doctype html><meta charset="utf-8"><!-- rows={(body.count(chr(10)) + 2) * 21 + 34} -->
<style>body{{margin:0;background:#0d1117;color:#c9d1d9}}pre{{margin:0;padding:16px 20px;font:14px/21px "Noto Sans Mono CJK SC",monospace}}</style>
<pre><span style="color:#8b949e">$</span> {html.escape(sys.argv[1])}
{body}</pre>""")
