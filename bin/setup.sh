# Shared by bin/demo and bin/test: make the machine and the virtual environment ready. POSIX sh, sourced.
# Sets $PY to the environment's Python. Says what it does; does nothing twice.

say() { printf '%s\n' "→ $*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# need_packages PACKAGE...: install what is missing through apt when it may, else name the exact line and stop.
need_packages() {
  missing=""
  for package in "$@"; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  line="apt-get install -y --no-install-recommends$missing"
  command -v apt-get >/dev/null 2>&1 || stop "These packages are needed (names as on Debian):$missing"
  if [ "$(id -u)" = 0 ]; then as_root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
  else stop "System packages are missing. Run this line, then start again:
  sudo $line"
  fi
  say "installing system packages:$missing"
  log=$(mktemp)
  # shellcheck disable=SC2086
  { $as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive $line; } >"$log" 2>&1 || {
    tail -n 15 "$log" >&2; rm -f "$log"
    stop "The packages could not be installed. Run this line by hand, then start again:
  sudo $line"; }
  rm -f "$log"
}

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
       "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"; return 0
    fi
  done
  return 1
}

# make_environment REQUIREMENTS...: .venv with exactly these files; again only when one of them changed.
make_environment() {
  python=$(find_python) || { need_packages python3 python3-venv; python=$(find_python) ||
    stop "Python 3.11 or newer is needed; this system has none."; }
  "$python" -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv
  [ -x .venv/bin/python ] || { say "making the virtual environment"; "$python" -m venv .venv; }
  PY=$PWD/.venv/bin/python
  for requirements in "$@"; do
    wanted=$(cksum <"$requirements")
    stamp=.venv/.installed-$requirements
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && continue
    say "installing $requirements (a few minutes the first time)"
    "$PY" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$requirements" \
      >.venv/install.log 2>&1 || { tail -n 15 .venv/install.log >&2
      stop "The Python packages could not be installed; the lines above say why. Start again when that is mended."; }
    printf '%s' "$wanted" >"$stamp"
  done
  "$PY" scripts/compile_translations.py
}

# What the layout engine of the papers needs.
RUN_PACKAGES="libpangoft2-1.0-0 libharfbuzz-subset0"
