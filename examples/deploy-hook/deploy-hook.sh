#!/bin/sh
# Deploys container images on a host without Pulumi, with the command verified-images.
set -u

usage() {
  cat <<'TEXT'
usage: deploy-hook.sh [<candidate> <target>]   promotes: `verified-images promote` judges an image and tags it
       deploy-hook.sh --build-staging          builds an image and tries it: `verified-images stage`

To promote: CANDIDATE_IMAGE, TARGET_IMAGE (or the two words), EXPECTED_REVISION (the validated git revision, full; unset:
  no provenance check, with a warning; empty: refused). If wanted: RESTART_SERVICE (a compose service to recreate from
  the promoted image), COMPOSE_PROFILE.
To build staging: GIT_SHA (full git revision of what is built), BUILD_CONTEXT (directory with a Dockerfile), TARGET_IMAGE
  (name of the image once it is good), TARGET_SERVICE (compose service), TARGET_PORT (on this host), COMPOSE_PROFILE,
  STAGING_CONTAINER (its name). If wanted: HEALTH_PATH (/), HEALTH_TIMEOUT (60 s), CHECK_COMMAND (gets STAGING_URL,
  STAGING_REVISION, STAGING_IMAGE_ID, STAGING_CONTAINER), CHECK_TIMEOUT (600 s), BUILD_TIMEOUT (1200 s), DIRTY (warn or
  refuse), and what staging must not take: PRODUCTION_IMAGE, PRODUCTION_SERVICE, PRODUCTION_CONTAINER, PRODUCTION_PORT.
Both: VERIFIED_IMAGES (the command, a program or a .js file; default: the one on PATH), DOCKER (the client),
  INSPECT_TIMEOUT (30 s), HOOK_LOG (file for all output), COMPOSE_FILE, COMPOSE_PROJECT_NAME.
Exit code 0: done, and all is well. 1: no tag was moved, or all was put back; what could not be put back is named.
TEXT
}

say() { printf 'deploy-hook: %s\n' "$(printf '%s' "$*" | LC_ALL=C tr '\000-\037\177' ' ')" >&2; }
refuse() { say "refused: $*"; exit 1; }

# needed <name> <value> ...: refuses empty values, and names all of them at once.
needed() {
  missing=
  while [ "$#" -gt 0 ]; do [ -n "$2" ] || missing="$missing${missing:+, }$1"; shift 2; done
  [ -z "$missing" ] || refuse "missing or empty: $missing (deploy-hook.sh -h)"
}

case ${1-}:$# in
  -h:* | --help:*) usage; exit 0 ;;
  --build-staging:1)
    needed GIT_SHA "${GIT_SHA-}" BUILD_CONTEXT "${BUILD_CONTEXT-}" TARGET_IMAGE "${TARGET_IMAGE-}" TARGET_SERVICE \
      "${TARGET_SERVICE-}" TARGET_PORT "${TARGET_PORT-}" COMPOSE_PROFILE "${COMPOSE_PROFILE-}" STAGING_CONTAINER "${STAGING_CONTAINER-}"
    verb=stage
    set -- --plain "--context=$BUILD_CONTEXT" "--revision=$GIT_SHA" "--tag=$TARGET_IMAGE" "--compose-service=$TARGET_SERVICE" \
      "--port=$TARGET_PORT" "--container=$STAGING_CONTAINER" "--check=${CHECK_COMMAND:-true}" ${DIRTY+"--dirty=$DIRTY"} \
      ${CHECK_TIMEOUT:+"--check-timeout=$CHECK_TIMEOUT"} ${BUILD_TIMEOUT:+"--timeout=rebuild=$BUILD_TIMEOUT"} \
      ${HEALTH_PATH+"--health-path=$HEALTH_PATH"} ${HEALTH_TIMEOUT:+"--health-timeout=$HEALTH_TIMEOUT"} \
      ${PRODUCTION_IMAGE:+"--production-tag=$PRODUCTION_IMAGE"} ${PRODUCTION_SERVICE:+"--production-service=$PRODUCTION_SERVICE"} \
      ${PRODUCTION_CONTAINER:+"--production-container=$PRODUCTION_CONTAINER"} ${PRODUCTION_PORT:+"--production-port=$PRODUCTION_PORT"}
    ;;
  :0 | [!-]*:2 | :2)
    candidate=${1-${CANDIDATE_IMAGE-}} target=${2-${TARGET_IMAGE-}}
    needed "CANDIDATE_IMAGE (the image to promote)" "$candidate" "TARGET_IMAGE (the name to give it)" "$target"
    [ -n "${EXPECTED_REVISION-unset}" ] || refuse "EXPECTED_REVISION is set, but empty; no tag was moved"
    [ -n "${EXPECTED_REVISION-}" ] || say "warning: EXPECTED_REVISION is not set: the image is tagged whatever revision it is of"
    verb=promote
    set -- "--target=$target" "${EXPECTED_REVISION+--expected-revision=}${EXPECTED_REVISION---no-provenance}" \
      ${RESTART_SERVICE:+"--restart=$RESTART_SERVICE"} -- "$candidate"
    ;;
  *) refuse "there is no such use: $* (deploy-hook.sh -h)" ;;
esac
tool=${VERIFIED_IMAGES-verified-images}
command -v -- "${DOCKER:-docker}" >/dev/null || refuse "there is no command ${DOCKER:-docker}; DOCKER names the client"
[ -z "${DOCKER-}" ] || export VERIFIED_IMAGES_DOCKER="$DOCKER"
set -- "$verb" ${COMPOSE_PROFILE:+"--compose-profile=$COMPOSE_PROFILE"} ${HOOK_LOG:+"--log=$HOOK_LOG"} \
  ${INSPECT_TIMEOUT:+"--timeout=inspect=$INSPECT_TIMEOUT"} "$@"
case $tool in
  *.js | *.cjs | *.mjs) [ -f "$tool" ] && set -- node "$tool" "$@" ;;
  *) command -v -- "$tool" >/dev/null && set -- "$tool" "$@" ;;
esac || refuse "there is no command ${tool:-\"\"}; install pulumi-verified-images, or name it with VERIFIED_IMAGES"
work=$(mktemp -d) || refuse "no temporary folder could be made"
trap 'rm -rf -- "$work"' EXIT
trap '' PIPE # go on if nobody reads the output
mkfifo "$work/words" || refuse "no pipe could be made in $work"
while IFS= read -r line; do say "$line"; done <"$work/words" &
"$@" 2>"$work/words" </dev/null &
child=$! ended= # after a signal the command puts everything back itself, so it is waited for
trap 'ended=129; kill "$child"' HUP
trap 'ended=130; kill "$child"' INT
trap 'ended=143; kill "$child"' TERM
wait "$child" 2>/dev/null || code=$?
[ -z "$ended" ] || wait "$child" 2>/dev/null
wait
[ "${code=0}" -eq 0 ] || { say "verified-images $verb ended with $code"; exit "${ended:-1}"; }
