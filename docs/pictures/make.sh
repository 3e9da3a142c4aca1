#!/usr/bin/env bash
# The pictures of the READMEs, taken of what the program really writes.
#
#   make.sh
#
# It builds the program, runs the demo, takes a picture of one domain's report in each language, and one of a terminal on
# which page.html is checked. It needs Go, a chromium-headless-shell with a font for Chinese, python3 with PIL, and script(1).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here/../.." && go build -o "$work/beianwatch" ./cmd/beianwatch)
picture() { # URL FILE WIDTH HEIGHT
  chromium-headless-shell --no-sandbox --hide-scrollbars --window-size="$3,$4" --screenshot="$2" "$1" >/dev/null 2>&1
}
terminal() { # ARGUMENTS: what a terminal of 96 columns shows, as HTML
  (cd "$here" && script -qec "stty cols 96 rows 50; TERM=xterm-256color COLORTERM= '$work/beianwatch' $* || true" /dev/null) | python3 "$here/terminal.py" "beianwatch $*"
}
for lang in zh en; do
  (cd "$work" && ./beianwatch demo --lang "$lang" --out "demo-$lang" >/dev/null 2>&1)
  picture "file://$(echo "$work/demo-$lang"/2*/domains/jinsha-lawei.example.html)" "$work/report.$lang.png" 1000 1010
  terminal check --lang "$lang" --file page.html --filing 苏ICP备12015869号-2 >"$work/terminal.$lang.html"
  picture "file://$work/terminal.$lang.html" "$work/terminal.$lang.png" 900 "$(sed -n 's/.*rows=\([0-9]*\).*/\1/p' "$work/terminal.$lang.html")"
done
python3 - "$work" "$here" <<'END'
import sys
from PIL import Image
for name in ("report", "terminal"):
    for lang in ("zh", "en"):
        Image.open(f"{sys.argv[1]}/{name}.{lang}.png").convert("RGB").quantize(160).save(f"{sys.argv[2]}/{name}.{lang}.png", optimize=True)
END
