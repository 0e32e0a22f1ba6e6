# shellcheck shell=bash
# Sourced by scripts whose tools talk much: what a tool says goes to a log in the cache, and is shown
# only if the tool fails. A line a minute tells that it is alive, because CI has no terminal to draw on.

script=$(basename "$0" .sh)
say() { printf '%s: %s\n' "$script" "$*"; }

# phase 'name of the log' 'what, why, and how long' command…: says how long it took, or shows how the log ends.
phase() {
  local start=$SECONDS
  say "$2"
  quietly "$1" "${@:3}" || return
  say "… done ($((SECONDS - start)) s)"
}

# attempt, as phase: for what may fail, since there is another way.
attempt() {
  local start=$SECONDS status=0
  say "$2"
  logged "$1" "${@:3}" || status=$?
  if [[ $status == 0 ]]; then say "… done ($((SECONDS - start)) s)"; else say "… that did not work ($((SECONDS - start)) s): $log"; fi
  return "$status"
}

# quietly 'name of the log' command…: with no word of its own, unless the command fails.
quietly() {
  local status=0
  logged "$@" || status=$?
  if [[ $status != 0 ]]; then
    # Cargo's many lines about what went well would push out the few about what did not.
    sed -E '/^ *(Adding|Checking|Compiling|Downloaded|Downloading) /d' "$log" | tail -n 80
    say "… failed ($status); all that it said: $log"
  fi >&2
  return "$status"
}

# logged 'name of the log' command…: leaves the log's path in $log.
logged() {
  local status=0 watch
  log="$INIT_LAB_CACHE/logs/$1.log"
  mkdir -p "${log%/*}"
  # Without the lock of set-up (9), which it would hold for a moment longer than a set-up that is broken off.
  pulse "$log" 9>&- &
  watch=$!
  # In a shell of its own: whatever ends it, the log is shown.
  ("${@:2}") >"$log" 2>&1 || status=$?
  kill "$watch" && wait "$watch" 2>/dev/null || true
  return "$status"
}

# Says once a minute what came last, for as long as the script lives, even where it had no time to say
# that it ends. The pause holds no output open: whoever reads ours would wait for it.
pulse() {
  local minutes=0
  trap 'kill $(jobs -p); exit' TERM
  while sleep 60 >/dev/null 2>&1 & wait $! && kill -0 $$; do
    minutes=$((minutes + 1))
    say "… $minutes min$(tail -n 1 "$1" | sed 's/^ */: /' | cut -c 1-100)"
  done 2>/dev/null
}
