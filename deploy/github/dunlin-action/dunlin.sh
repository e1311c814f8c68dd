#!/usr/bin/env bash
# What action.yml runs. Its inputs come as variables ACTION_…; nothing of them is evaluated.
set -euo pipefail

fail() { printf '::error title=dunlin-action::%s\n' "$*"; exit 2; }

# Takes the program out of the image: a container is made, never started. Prints the program's path.
program_of_image() {
  local image=${ACTION_IMAGE,,} folder container
  folder=$RUNNER_TEMP/dunlin-action/${image//[^a-z0-9.]/_}
  if [ ! -x "$folder/dunlin" ]; then
    mkdir -p "$folder"
    # A login of its own, which is gone afterwards; the runner's stays as it is.
    DOCKER_CONFIG=$(mktemp -d)
    export DOCKER_CONFIG
    if [ -n "$ACTION_TOKEN" ]; then
      docker login "${image%%/*}" --username "${GITHUB_ACTOR:-x}" --password-stdin <<< "$ACTION_TOKEN" > /dev/null 2>&1 ||
        printf '::warning title=dunlin-action::%s took no login; trying without\n' "${image%%/*}" >&2
    fi
    container=$(docker create --quiet "$image") || { rm -rf "$DOCKER_CONFIG"; return 1; }
    docker cp "$container:/dunlin" "$folder/dunlin" > /dev/null
    docker rm "$container" > /dev/null
    rm -rf "$DOCKER_CONFIG"
    unset DOCKER_CONFIG
  fi
  printf '%s\n' "$folder/dunlin"
}

read -r -a words <<< "$ACTION_COMMAND"
[ "${#words[@]}" -gt 0 ] || fail "the input command is empty"
mapfile -t lines <<< "$ACTION_ARGUMENTS"
for line in "${lines[@]}"; do
  [ -n "$line" ] || continue
  # A list of processes shows arguments to everybody, and so does the log of a workflow.
  # shellcheck disable=SC2016  # a reference such as ${secret:ID}, as it stands
  if [[ "$line" =~ ^--?([A-Za-z.-]*([Pp]assword|[Tt]oken|[Kk]ey|[Pp]assphrase))= && "$line" != *'${'* ]]; then
    fail "${BASH_REMATCH[1]} may not stand in the arguments: set a variable of the step, such as FLYWAY_PASSWORD"
  fi
  words+=("$line")
done

program=$ACTION_BINARY
[ -n "$program" ] || program=$(program_of_image) || fail "no program could be taken out of $ACTION_IMAGE"
[ -x "$program" ] || fail "$program is no program"
unset ACTION_TOKEN

log=$(mktemp "$RUNNER_TEMP/dunlin-XXXXXX.log")
# What is printed comes from scripts and databases too: it may not give orders to the runner.
pause=dunlin-$RANDOM$RANDOM$RANDOM
printf '::stop-commands::%s\n' "$pause"
code=0
"$program" "${words[@]}" 2>&1 | tee "$log" || code=${PIPESTATUS[0]}
printf '\n::%s::\n' "$pause"
printf 'exit-code=%s\nlog=%s\n' "$code" "$log" >> "$GITHUB_OUTPUT"
[ "$code" = 0 ] || printf '::error title=dunlin %s::exit code %s, see the log above\n' "${words[0]}" "$code"
exit "$code"
