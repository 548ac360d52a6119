# shellcheck shell=bash
# What the scripts of bin/ share: sourced by each, from anywhere. Leaves us in the checkout's root.
cd -P "$(dirname "${BASH_SOURCE[0]}")/.." || exit

# The settings read .env as well; here only one line of it matters.
if [[ -z ${DATABASE_URL:-} && -f .env ]]; then
  DATABASE_URL=$(sed -n 's/^ *\(export \)\{0,1\}DATABASE_URL *= *//p' .env | tail -n 1 | tr -d "\"'")
  export DATABASE_URL
fi

say() { printf '%s\n' "$@"; }

fail() {
  say "$@" >&2
  exit 1
}

# step "What, and why" COMMAND…: one line, with the time when it is felt; the output only if it fails.
step() {
  local what=$1 began=$SECONDS output
  shift
  printf '%s' "$what"
  output=$(mktemp)
  # 9 is the lock of bin/setup, which nothing started here may keep.
  if "$@" >"$output" 2>&1 </dev/null 9>&-; then
    rm -f "$output"
    if ((SECONDS - began > 1)); then printf ' (%d s)' "$((SECONDS - began))"; fi
    printf '\n'
  else
    printf ': failed\n'
    cat "$output" >&2
    rm -f "$output"
    return 1
  fi
}

# The first Python that is new enough. PYTHON names another.
find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  fail "Python 3.11 or newer is needed. On Debian and Ubuntu: apt-get install python3 python3-venv"
}
