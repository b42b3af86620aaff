#!/bin/sh
# Deploys container images on a host that has Docker and no Pulumi: `deploy-hook.sh -h` says how.
#
# Every answer of the engine is one of three: so, surely not, can't tell. What can't be told is a no. Names can move
# between two commands, so what is judged, tagged and looked for in a container is an image ID.
set -u

usage() {
  cat <<'END'
usage: deploy-hook.sh [<candidate> <target>]
       deploy-hook.sh --build-staging
       deploy-hook.sh -h

Without --build-staging: promotes. The candidate's image ID is judged by `verified-images gate` and tagged as the target.
  CANDIDATE_IMAGE       image to promote, a name or an ID         (or the first argument)
  TARGET_IMAGE          name to give it, such as shop:production  (or the second argument)
  EXPECTED_REVISION     the validated git revision, full. Unset: no provenance check, with a warning. Empty: refused.
  VERIFIED_IMAGES       the command verified-images, a program or a .js file; default: the one on PATH. Its own settings
                        (VERIFIED_IMAGES_ROOT, VERIFIED_IMAGES_REQUIRE_VERIFIED) are heeded, by it.
  RESTART_SERVICE       a compose service to recreate from the promoted image; default: none is touched
  COMPOSE_PROFILE       the profile of that service, if it has one

--build-staging: builds an image, recreates the staging service from it, and tries it.
  GIT_SHA               full git revision of what is built; becomes label and build argument
  BUILD_CONTEXT         directory to build, with a Dockerfile
  TARGET_IMAGE          name that the staging service takes its image from, such as shop:staging
  TARGET_SERVICE        the staging service of the compose file
  TARGET_PORT           port on this host where it has to answer
  COMPOSE_PROFILE       the profile of that service
  STAGING_CONTAINER     name of its container
 and if needed
  HEALTH_PATH           path that has to answer 200 to 399; default /
  HEALTH_TIMEOUT        seconds in which it has to; default 60
  CHECK_COMMAND         shell command that has to succeed. It sees STAGING_URL, STAGING_REVISION, STAGING_IMAGE_ID and
                        STAGING_CONTAINER.
  CHECK_TIMEOUT         seconds in which it has to; default 600
  DIRTY                 what files in BUILD_CONTEXT mean that are changed, or new, and not committed: warn (default), or
                        refuse, which builds nothing then, nor where it can't be told
  BUILD_TIMEOUT         seconds for the build; default 1200
  PRODUCTION_IMAGE, PRODUCTION_SERVICE, PRODUCTION_CONTAINER, PRODUCTION_PORT
                        names that staging must not have

Both:
  DOCKER                the docker client; default: the one on PATH. DOCKER_HOST, DOCKER_CONTEXT and DOCKER_CONFIG are its own.
  INSPECT_TIMEOUT       seconds for each question to the engine; default 30
  COMPOSE_FILE          the compose file, and COMPOSE_PROJECT_NAME, as `docker compose` has them
  HOOK_LOG              file to which all output of builds, services and checks is appended

Exit code 0: done, and all is well. 1: no tag was moved, or all was put back; what could not be is said.
END
}

lower=abcdefghijklmnopqrstuvwxyz
upper=ABCDEFGHIJKLMNOPQRSTUVWXYZ
digits=0123456789

label=org.opencontainers.image.revision
docker=${DOCKER:-docker}
work= # temporary folder
undo= # function that takes back what was done, while there is something to take back
child= # process that is being waited for
wrong= # everything that is wrong with the settings

# ---- words --------------------------------------------------------------------------------------------------------

# One line for people. Control characters, such as in a value from outside, do not begin a line of their own.
say() {
  printf 'deploy-hook: %s' "$*" | LC_ALL=C tr '\000-\037\177' ' ' >&2
  printf '\n' >&2
}

# What is done stays done, and well, also when nobody is left to be told.
tell() { echo "$*" || :; }

refuse() {
  say "refused: $*"
  exit 1
}

short() { printf '%.12s' "${1#sha256:}"; }

# The last 200 characters of what the last step has printed.
end_of_output() {
  if [ -s "$work/output" ]; then tail -c 200 "$work/output" | LC_ALL=C tr '\000-\010\013-\037\177' ' '; else echo "(none)"; fi
}

# All of it on one line, as far as 600 characters go: the gate says first what refuses.
words_of_output() {
  if [ -s "$work/output" ]; then sed '$!s/$/;/' "$work/output" | head -c 600 | LC_ALL=C tr '\000-\037\177' ' '; else echo "(none)"; fi
}

# ---- settings -----------------------------------------------------------------------------------------------------

wrong() { wrong="$wrong${wrong:+; }$*"; }

# need <name> <value>
need() { [ -n "$2" ] || missing="${missing-}${missing:+, }$1"; }

missing_are_wrong() { [ -z "${missing-}" ] || wrong "missing or empty: $missing"; }

refuse_wrong() { [ -z "$wrong" ] || refuse "$wrong (deploy-hook.sh -h)"; }

# Names as compose and Docker take them. What is empty was said to be missing.
name_of() {
  case $2 in
    '') ;;
    [!"$lower$upper$digits"]* | *[!"$lower$upper$digits"_.-]*) wrong "$1 is no name: $2" ;;
  esac
}

image_of() {
  case $2 in
    '') ;;
    [!"$lower$upper$digits"]* | *[!"$lower$upper$digits"_.:/@-]*) wrong "$1 is no image: $2" ;;
  esac
}

tag_of() {
  case $2 in
    sha256:* | *@*) wrong "$1 is no name that can be tagged: $2" ;;
    *) image_of "$1" "$2" ;;
  esac
}

# number_of <name> <value> <highest>
number_of() {
  case $2 in
    '') ;;
    *[!"$digits"]* | 0* | ??????*) wrong "$1 is no number from 1 to $3: $2" ;;
    *) [ "$2" -le "$3" ] || wrong "$1 is no number from 1 to $3: $2" ;;
  esac
}

is_revision() {
  case $1 in *[!"$digits"abcdef]*) return 1 ;; esac
  [ "${#1}" -eq 40 ] || [ "${#1}" -eq 64 ]
}

# An image's name as Docker keeps it, to compare two of them.
full_name() {
  full=${1#docker.io/}
  full=${full#index.docker.io/}
  full=${full#library/}
  case ${full##*/} in *:*) ;; *) full=$full:latest ;; esac
  printf '%s' "$full"
}

# differ <name> <value> <production's name> <production's value>
differ() { [ -z "$4" ] || [ "$2" != "$4" ] || wrong "$1 is production's ($3): $2"; }

# ---- the engine ---------------------------------------------------------------------------------------------------

# within <seconds> <command> ...; nothing reads what this script was given as input. A signal ends the wait at once.
within() {
  seconds=$1
  shift
  timeout -k 10 "$seconds" "$@" </dev/null &
  child=$!
  wait "$child"
  set -- "$?"
  child=
  return "$1"
}

ask() { within "${INSPECT_TIMEOUT:-30}" "$docker" "$@"; }

# step <command> ...: keeps what it prints.
step() {
  "$@" >"$work/output" 2>&1
  status=$?
  [ -z "${HOOK_LOG-}" ] || cat "$work/output" >>"$HOOK_LOG"
  return "$status"
}

# Neither the environment nor a .env file adds services that nobody has named, or removes what the file does not name.
compose() {
  set -- compose ${COMPOSE_PROFILE:+--profile "$COMPOSE_PROFILE"} "$@"
  within 300 env COMPOSE_PROFILES= COMPOSE_REMOVE_ORPHANS=false COMPOSE_IGNORE_ORPHANS=true "$docker" "$@"
}

# Sets found to an image's ID; empty when the engine surely has none. Fails when that can't be told.
find_image() {
  found=
  if found=$(ask image inspect --format '{{.Id}}' -- "$1" 2>"$work/output"); then
    case $found in sha256:????????????????????????????????????????????????????????????????) return 0 ;; esac
    return 1
  fi
  grep -qi 'no such image' "$work/output"
}

# Gives an image ID a name, and reads that back.
tag() {
  ask image tag "$1" "$2" >"$work/output" 2>&1 && find_image "$2" && [ "$found" = "$1" ]
}

# Whether a name was moved by someone else since: it is neither what it was, nor what we made it. What can't be told is
# found out by the next step. is_taken <name> <ID that we gave it> <ID before, or empty>
is_taken() {
  find_image "$1" && [ "$found" != "$2" ] && [ "$found" != "$3" ]
}

# Removes a name. Its image goes with it only where that was the last.
remove_name() { ask image rm --no-prune -- "$1" >"$work/output" 2>&1; }

# Takes a name away, and leaves its image: the engine would remove one without a name, or refuse to while a container uses
# it. Sets kept to a name that was given to the image for that, where it is still needed.
take_away() {
  find_image "$1" || return 1
  [ -n "$found" ] || return 0
  unnamed=$found
  helper=verified-images/deploy-hook:$(short "$unnamed")
  tag "$unnamed" "$helper" || return 1
  kept=$helper
  remove_name "$1" || return 1
  # What can't be told is no other name.
  case $(ask image inspect --format '{{len .RepoTags}}' -- "$unnamed" 2>"$work/output") in
    '' | 0 | 1) ;;
    *) if remove_name "$helper"; then kept=; fi ;;
  esac
}

# Tags a name with the image that it had before, or takes it away where it had none. give_back <name> <ID before, or empty>
give_back() {
  kept=
  if [ -n "$2" ]; then tag "$2" "$1"; else take_away "$1"; fi
}

say_kept() { [ -z "$kept" ] || say "left: the name $kept, so that the image $(short "$unnamed") is not lost"; }

needs_compose() {
  # Without a profile: a docker that has no compose would name that flag, and not what is missing.
  within 300 "$docker" compose version >"$work/output" 2>&1 || refuse "\`docker compose\` is needed: $(end_of_output)"
  # The list has a service only where its profile is on.
  compose config --services >"$work/services" 2>"$work/output" || refuse "the compose file: $(end_of_output)"
  grep -Fqx -- "$1" "$work/services" ||
    refuse "the compose file has no service $1${COMPOSE_PROFILE:+ in the profile $COMPOSE_PROFILE}"
}

# recreate <service> [--no-start]
recreate() { step compose up "${2--d}" --no-build --no-deps --force-recreate "$1"; }

# Sets containers to the IDs of a service's containers, running or not. Fails when that can't be told.
find_containers() { containers=$(compose ps --all --quiet "$1" 2>"$work/output"); }

# Whether a container runs (or does not: false), and has exactly this image. is_of <container> <true or false> <ID>
is_of() {
  [ "$(ask container inspect --format '{{.State.Running}} {{.Image}}' -- "$1" 2>"$work/output")" = "$2 $3" ]
}

runs() { is_of "$1" true "$2"; }

# Whether a service has containers, and is_of holds for all of them.
service_is_of() {
  find_containers "$1" && [ -n "$containers" ] || return 1
  for container in $containers; do is_of "$container" "$2" "$3" || return 1; done
}

# Sets running to true where a container of a service runs, to false where it has containers and none runs, and to nothing
# where it has none. Fails when that can't be told.
find_running() {
  running=
  find_containers "$1" || return 1
  for container in $containers; do
    state=$(ask container inspect --format '{{.State.Running}}' -- "$container" 2>"$work/output") || return 1
    [ "$running" = true ] || running=$state
  done
}

# ---- promote ------------------------------------------------------------------------------------------------------

needs_gate() {
  gate=${VERIFIED_IMAGES-verified-images}
  case $gate in
    *.js | *.cjs | *.mjs)
      [ -f "$gate" ] || refuse "there is no $gate (VERIFIED_IMAGES)"
      command -v node >/dev/null || refuse "$gate needs node"
      ;;
    *) command -v -- "$gate" >/dev/null ||
      refuse "there is no command ${gate:-\"\"}; install pulumi-verified-images, or name it with VERIFIED_IMAGES" ;;
  esac
}

# gate <image ID>: by its exit code alone, which is 0 for yes.
gate() {
  set -- gate ${EXPECTED_REVISION+"--expected-revision=$EXPECTED_REVISION"} "$1"
  case $gate in
    *.js | *.cjs | *.mjs) step within 120 node "$gate" "$@" ;;
    *) step within 120 "$gate" "$@" ;;
  esac
}

judge() {
  if [ -z "${EXPECTED_REVISION+set}" ]; then
    say "warning: EXPECTED_REVISION is not set: the image is tagged whatever revision it was built from"
    # The settings of the command may demand a verified image all the same.
    [ -n "${VERIFIED_IMAGES_ROOT+set}${VERIFIED_IMAGES_REQUIRE_VERIFIED+set}" ] || return 0
  elif [ -z "$EXPECTED_REVISION" ]; then
    refuse "EXPECTED_REVISION is set, but empty; no tag was moved"
  fi
  needs_gate
  gate "$1" || refuse "the gate says no to $candidate ($(short "$1")); no tag was moved: $(words_of_output)"
  say "$(words_of_output)"
}

promotion_back() {
  if is_taken "$target" "$id" "$before"; then
    say "$target was moved to $(short "$found") by someone else, and is left there"
  elif ! give_back "$target" "$before"; then
    say "ATTENTION: $target could not be put back to ${before:-nothing}: $(end_of_output)"
    say_kept
  else
    say "put back: $target is what it was before"
    say_kept
    [ -z "$restarted" ] || service_back
  fi
}

service_back() {
  if [ -z "$running" ]; then
    if step compose rm --stop --force "$RESTART_SERVICE"; then
      say "put back: $RESTART_SERVICE has no container, as before"
    else
      say "ATTENTION: what was made of $RESTART_SERVICE could not be removed: $(end_of_output)"
    fi
  elif [ -z "$before" ]; then
    say "ATTENTION: $RESTART_SERVICE has no image to go back to, and is left as it is"
  elif [ "$running" = false ]; then
    if recreate "$RESTART_SERVICE" --no-start && service_is_of "$RESTART_SERVICE" false "$before"; then
      say "put back: $RESTART_SERVICE is one of $(short "$before") again, and does not run, as before"
    else
      say "ATTENTION: $RESTART_SERVICE is not one of $(short "$before") that does not run: $(end_of_output)"
    fi
  elif recreate "$RESTART_SERVICE" && service_is_of "$RESTART_SERVICE" true "$before"; then
    say "put back: $RESTART_SERVICE runs $(short "$before") again"
  else
    say "ATTENTION: $RESTART_SERVICE does not run $(short "$before"): $(end_of_output)"
  fi
}

promote() {
  candidate=${1-${CANDIDATE_IMAGE-}}
  target=${2-${TARGET_IMAGE-}}
  need "CANDIDATE_IMAGE (the image to promote)" "$candidate"
  need "TARGET_IMAGE (the name to give it)" "$target"
  missing_are_wrong
  image_of CANDIDATE_IMAGE "$candidate"
  tag_of TARGET_IMAGE "$target"
  name_of RESTART_SERVICE "${RESTART_SERVICE-}"
  name_of COMPOSE_PROFILE "${COMPOSE_PROFILE-}"
  refuse_wrong

  find_image "$candidate" || refuse "can't tell which image $candidate is: $(end_of_output)"
  [ -n "$found" ] || refuse "there is no image $candidate here"
  id=$found
  judge "$id"
  if [ -n "${RESTART_SERVICE-}" ]; then
    needs_compose "$RESTART_SERVICE"
    find_running "$RESTART_SERVICE" || refuse "can't tell what $RESTART_SERVICE runs: $(end_of_output)"
  fi
  find_image "$target" || refuse "can't tell which image $target is: $(end_of_output)"
  before=$found
  restarted=

  undo=promotion_back
  tag "$id" "$target" || refuse "$target could not be tagged, or is not $(short "$id") when read back: $(end_of_output)"
  if [ -n "${RESTART_SERVICE-}" ]; then
    restarted=yes
    recreate "$RESTART_SERVICE" || refuse "$RESTART_SERVICE could not be recreated: $(end_of_output)"
    service_is_of "$RESTART_SERVICE" true "$id" || refuse "$RESTART_SERVICE does not run $(short "$id"), which $target is"
  fi
  undo=
  tell "$target is $id${RESTART_SERVICE:+, and $RESTART_SERVICE runs it}"
}

# ---- build staging ------------------------------------------------------------------------------------------------

staging_settings() {
  need GIT_SHA "${GIT_SHA-}"
  need BUILD_CONTEXT "${BUILD_CONTEXT-}"
  need TARGET_IMAGE "${TARGET_IMAGE-}"
  need TARGET_SERVICE "${TARGET_SERVICE-}"
  need TARGET_PORT "${TARGET_PORT-}"
  need COMPOSE_PROFILE "${COMPOSE_PROFILE-}"
  need STAGING_CONTAINER "${STAGING_CONTAINER-}"
  missing_are_wrong
  [ -z "${GIT_SHA-}" ] || is_revision "$GIT_SHA" || wrong "GIT_SHA is no full git revision (40 or 64 lower-case hex digits): $GIT_SHA"
  [ -z "${BUILD_CONTEXT-}" ] || [ -d "$BUILD_CONTEXT" ] || wrong "BUILD_CONTEXT is no directory: $BUILD_CONTEXT"
  tag_of TARGET_IMAGE "${TARGET_IMAGE-}"
  name_of TARGET_SERVICE "${TARGET_SERVICE-}"
  number_of TARGET_PORT "${TARGET_PORT-}" 65535
  name_of COMPOSE_PROFILE "${COMPOSE_PROFILE-}"
  name_of STAGING_CONTAINER "${STAGING_CONTAINER-}"
  path=${HEALTH_PATH-/}
  case $path in /*) ;; *) wrong "HEALTH_PATH does not begin with /: $path" ;; esac
  case $path in *[[:space:][:cntrl:]]*) wrong "HEALTH_PATH has white space in it: $path" ;; esac
  : "${HEALTH_TIMEOUT:=60}" "${CHECK_TIMEOUT:=600}" "${BUILD_TIMEOUT:=1200}"
  number_of HEALTH_TIMEOUT "$HEALTH_TIMEOUT" 86400
  number_of CHECK_TIMEOUT "$CHECK_TIMEOUT" 86400
  number_of BUILD_TIMEOUT "$BUILD_TIMEOUT" 86400
  dirty=${DIRTY-warn}
  case $dirty in warn | refuse) ;; *) wrong "DIRTY is neither warn nor refuse: $dirty" ;; esac
  differ TARGET_IMAGE "$(full_name "${TARGET_IMAGE-}")" PRODUCTION_IMAGE "${PRODUCTION_IMAGE:+$(full_name "$PRODUCTION_IMAGE")}"
  differ TARGET_SERVICE "${TARGET_SERVICE-}" PRODUCTION_SERVICE "${PRODUCTION_SERVICE-}"
  differ TARGET_PORT "${TARGET_PORT-}" PRODUCTION_PORT "${PRODUCTION_PORT-}"
  differ STAGING_CONTAINER "${STAGING_CONTAINER-}" PRODUCTION_CONTAINER "${PRODUCTION_CONTAINER-}"
  command -v curl >/dev/null || command -v node >/dev/null || wrong "curl or node is needed to ask for the service's health"
  refuse_wrong
}

# git about BUILD_CONTEXT. Variables that point at another repository are not heeded; whoever is called by a git hook has them.
git_there() (
  unset GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_PREFIX
  within 30 env LC_ALL=C GIT_OPTIONAL_LOCKS=0 git -C "$context" "$@"
)

# A doubt about what is built.
doubt() {
  [ "$dirty" = warn ] || refuse "$* (DIRTY=refuse)"
  say "warning: $*"
}

# A stamp that is not what was built would make the gate pass what nobody has validated.
context_is_revision() {
  if ! command -v git >/dev/null; then
    doubt "without git nobody can tell whether BUILD_CONTEXT is GIT_SHA"
  elif head=$(git_there rev-parse --verify 'HEAD^{commit}' 2>"$work/output"); then
    [ "$head" = "$GIT_SHA" ] || refuse "BUILD_CONTEXT is at $(short "$head"), and not at GIT_SHA ($(short "$GIT_SHA"))"
    context_is_clean
  else
    grep -q 'not a git repository' "$work/output" || refuse "can't tell which revision BUILD_CONTEXT is: $(end_of_output)"
    doubt "BUILD_CONTEXT is no git work tree: that it is GIT_SHA is taken on trust"
  fi
}

# Names the first five files that GIT_SHA does not have as they are. Ignored ones are nobody's changes.
context_is_clean() {
  if ! git_there status --porcelain --untracked-files=normal --no-renames --ignore-submodules=none -- . >"$work/changes" 2>"$work/output"; then
    doubt "can't tell whether BUILD_CONTEXT has changes that are not committed: $(end_of_output)"
    return
  fi
  changed=
  count=0
  while IFS= read -r change; do
    count=$((count + 1))
    [ "$count" -gt 5 ] || changed="$changed${changed:+, }${change#???}"
  done <"$work/changes"
  [ "$count" -le 5 ] || changed="$changed and $((count - 5)) more"
  [ "$count" -eq 0 ] || doubt "BUILD_CONTEXT IS NOT WHAT GIT_SHA ($(short "$GIT_SHA")) HAS; changed and not committed: $changed"
}

# The service has the container that was named, or none: anything else is a mistake in the settings.
staging_before() {
  ran=
  running=
  find_containers "$TARGET_SERVICE" || refuse "can't tell what $TARGET_SERVICE runs: $(end_of_output)"
  facts='{{.Id}} {{.State.Running}} {{.Image}}'
  if named=$(ask container inspect --format "$facts" -- "$STAGING_CONTAINER" 2>"$work/output"); then
    [ "${named%% *}" = "$containers" ] || refuse "the container $STAGING_CONTAINER is not that of the service $TARGET_SERVICE"
    ran=${named##* }
    running=${named#* }
    running=${running% *}
  else
    grep -qi 'no such container' "$work/output" || refuse "can't tell what $STAGING_CONTAINER runs: $(end_of_output)"
    [ -z "$containers" ] || refuse "the service $TARGET_SERVICE has a container, and it is not called $STAGING_CONTAINER"
  fi
}

build() {
  say "building $BUILD_CONTEXT at $(short "$GIT_SHA")"
  export DOCKER_BUILDKIT="${DOCKER_BUILDKIT-1}"
  step within "$BUILD_TIMEOUT" "$docker" build --label "$label=$GIT_SHA" --build-arg "GIT_SHA=$GIT_SHA" --iidfile "$work/id" -- "$context" ||
    red build "the build failed"
  if ! find_image "$(cat "$work/id")" || [ -z "$found" ]; then red build "the engine does not have what was built"; fi
  built=$found
  stamp=$(ask image inspect --format "{{index .Config.Labels \"$label\"}}" -- "$built" 2>"$work/output")
  [ "$stamp" = "$GIT_SHA" ] || red build "$(short "$built") is not labelled with GIT_SHA"
}

# red <step> <reason>
red() {
  say "staging is red ($1): $2; the end of its output: $(end_of_output)"
  [ -n "$undo" ] || say "nothing was moved: $TARGET_IMAGE and $TARGET_SERVICE are as they were"
  exit 1
}

service_said() { ask container logs --tail 50 "$STAGING_CONTAINER" >"$work/output" 2>&1; }

# Sets answer to the status that a URL answers with, 000 for none; redirects are not followed, and proxies not asked.
answers() {
  if command -v curl >/dev/null; then
    answer=$(within 10 curl --silent --output /dev/null --max-time 5 --noproxy '*' --write-out '%{http_code}' "$1")
  else
    answer=$(within 10 node -e 'fetch(process.argv[1], { redirect: "manual", signal: AbortSignal.timeout(5000) })
      .then(({ status }) => console.log(status), () => console.log("000"))' "$1")
  fi
  case $answer in [23]??) return 0 ;; *) return 1 ;; esac
}

# Somebody else's answer on that port would prove nothing.
publishes() {
  # shellcheck disable=SC2016 # a template of Docker's
  ports='{{.HostConfig.NetworkMode}} {{range $inside, $outside := .NetworkSettings.Ports}}{{range $outside}}{{.HostPort}} {{end}}{{end}}'
  case $(ask container inspect --format "$ports" -- "$STAGING_CONTAINER" 2>"$work/output") in
    host\ * | *\ "$TARGET_PORT"\ *) return 0 ;;
    *) return 1 ;;
  esac
}

healthy() {
  until=$(($(date +%s) + HEALTH_TIMEOUT))
  answer=
  while :; do
    if ! runs "$STAGING_CONTAINER" "$built"; then
      service_said
      red start "$STAGING_CONTAINER does not run $(short "$built")"
    fi
    # A container that restarts has no ports for a moment.
    if publishes && answers "$url"; then return; fi
    [ "$(date +%s)" -lt "$until" ] || break
    sleep 1
  done
  why="$url did not answer 200 to 399 within $HEALTH_TIMEOUT s (the last answer: ${answer:-000})"
  publishes || why="$STAGING_CONTAINER does not publish port $TARGET_PORT"
  service_said
  red health "$why"
}

# Whether the last step was ended for its time. Its status alone does not tell: it may have chosen that itself.
# took_too_long <seconds that it had> <when it began>
took_too_long() {
  [ "$(($(date +%s) - $2))" -ge "$1" ] || return 1
  # As timeout says it; by its KILL; by its TERM (busybox).
  case $status in 124 | 137 | 143) ;; *) return 1 ;; esac
}

checked() {
  [ -n "${CHECK_COMMAND-}" ] || return 0
  began=$(date +%s)
  step within "$CHECK_TIMEOUT" env STAGING_URL="http://127.0.0.1:$TARGET_PORT" STAGING_REVISION="$GIT_SHA" STAGING_IMAGE_ID="$built" \
    STAGING_CONTAINER="$STAGING_CONTAINER" sh -c "$CHECK_COMMAND" && return
  took_too_long "$CHECK_TIMEOUT" "$began" && red check "the check took longer than $CHECK_TIMEOUT s"
  red check "the check exited with $status"
}

staging_back() {
  if is_taken "$TARGET_IMAGE" "$built" "$before"; then
    say "$TARGET_IMAGE was moved to $(short "$found") by someone else, and is left there, as is $STAGING_CONTAINER"
    return
  fi
  # What the container ran may be something else than what the name stood for.
  if [ "$running" = true ]; then
    if tag "$ran" "$TARGET_IMAGE" && recreate "$TARGET_SERVICE" && runs "$STAGING_CONTAINER" "$ran"; then
      say "put back: $STAGING_CONTAINER runs $(short "$ran") again"
    else
      say "ATTENTION: $STAGING_CONTAINER does not run $(short "$ran"), as it did: $(end_of_output)"
    fi
  elif [ -n "$ran" ]; then
    if tag "$ran" "$TARGET_IMAGE" && recreate "$TARGET_SERVICE" --no-start && is_of "$STAGING_CONTAINER" false "$ran"; then
      say "put back: $STAGING_CONTAINER is one of $(short "$ran") again, and does not run, as before"
    else
      say "ATTENTION: $STAGING_CONTAINER is not one of $(short "$ran") that does not run, as it was: $(end_of_output)"
    fi
  elif step compose rm --stop --force "$TARGET_SERVICE"; then
    say "put back: $STAGING_CONTAINER is not there, as before"
  else
    say "ATTENTION: what was made of $TARGET_SERVICE could not be removed: $(end_of_output)"
  fi
  if give_back "$TARGET_IMAGE" "$before"; then
    say "put back: $TARGET_IMAGE is what it was before"
    # What was built for nothing need not be kept.
    if [ -n "$kept" ] && [ -z "$ran" ] && remove_name "$kept"; then kept=; fi
  else
    say "ATTENTION: $TARGET_IMAGE could not be put back to ${before:-nothing}: $(end_of_output)"
  fi
  say_kept
}

build_staging() {
  staging_settings
  context=$BUILD_CONTEXT
  case $context in -*) context=./$context ;; esac
  url=http://127.0.0.1:$TARGET_PORT$path
  needs_compose "$TARGET_SERVICE"
  context_is_revision
  staging_before
  find_image "$TARGET_IMAGE" || refuse "can't tell which image $TARGET_IMAGE is: $(end_of_output)"
  before=$found
  build

  undo=staging_back
  tag "$built" "$TARGET_IMAGE" || red tag "$TARGET_IMAGE could not be tagged, or is not $(short "$built") when read back"
  recreate "$TARGET_SERVICE" || red start "$TARGET_SERVICE could not be recreated"
  healthy
  checked
  runs "$STAGING_CONTAINER" "$built" || red check "$STAGING_CONTAINER no longer runs $(short "$built")"
  if ! find_image "$TARGET_IMAGE" || [ "$found" != "$built" ]; then red check "$TARGET_IMAGE is no longer $(short "$built")"; fi
  undo=
  tell "$STAGING_CONTAINER runs $built, built at $GIT_SHA, and is well"
}

# ---- which of them ------------------------------------------------------------------------------------------------

finish() {
  code=$?
  trap '' INT TERM HUP
  trap - EXIT
  # What is still running would do its work after it was undone. timeout sees to its end.
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null
    wait "$child" 2>/dev/null
    child=
  fi
  if [ -n "$undo" ]; then
    [ "$code" -lt 128 ] || say "interrupted"
    "$undo"
    [ "$code" -ne 0 ] || code=1
  fi
  [ -z "$work" ] || rm -rf -- "$work"
  exit "$code"
}

case ${1-} in
  -h | --help)
    usage
    exit 0
    ;;
esac

# Where nobody reads on, words fail, and not the work. Unlike one that is ignored, the signal is itself to the commands.
trap : PIPE
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
number_of INSPECT_TIMEOUT "${INSPECT_TIMEOUT-}" 86400
refuse_wrong
command -v timeout >/dev/null || refuse "there is no command timeout (coreutils, busybox)"
command -v -- "$docker" >/dev/null || refuse "there is no command $docker; install Docker, or name the client with DOCKER"
work=$(mktemp -d "${TMPDIR:-/tmp}/deploy-hook.XXXXXX") || refuse "no temporary folder could be made"

case ${1-} in
  --build-staging)
    [ "$#" -eq 1 ] || refuse "--build-staging takes no arguments (deploy-hook.sh -h)"
    build_staging
    ;;
  -*) refuse "there is no option $1 (deploy-hook.sh -h)" ;;
  *)
    case $# in 0 | 2) ;; *) refuse "name both images, or none (deploy-hook.sh -h)" ;; esac
    promote "$@"
    ;;
esac
