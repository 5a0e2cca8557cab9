#!/bin/sh
# Take the UI kit and htmx from npm, compile the kit with our brand, and put both under static/vendor/.
# Development only: the results are committed, so neither a build nor a running portal needs node.
# Usage: scripts/vendor_ui.sh [folder for the build, default: a temporary one]
set -eu

kit=govuk-frontend@6.6.0
htmx=htmx.org@2.0.11 # npm's "latest" is 4, another library
sass=sass@1

root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$(mktemp -d)}
target=$root/housing_portal/static/vendor

mkdir -p "$build" "$target"
cd "$build"
[ -f package.json ] || npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts "$kit" "$htmx" "$sass"

npx sass --style=compressed --no-source-map --load-path=node_modules/govuk-frontend/dist \
  "$root/scripts/ui/kit.scss" "$target/govuk-frontend.css"
if grep -E 'crest|@font-face|url\(' "$target/govuk-frontend.css" >/dev/null; then
  echo "the compiled kit refers to a font, a crest or another file" >&2
  exit 1
fi
cp node_modules/htmx.org/dist/htmx.min.js "$target/htmx.min.js"
cp node_modules/htmx.org/LICENSE "$target/htmx.LICENCE.txt"
ls -l "$target"
