#!/bin/sh
# Renews a lock that is committed, and pushes what changed to a branch of its own, for a pull request.
set -eu

usage() {
  cat <<'TEXT'
usage: renew-lock.sh <name> [<words for `verified-images lock`> ...]

Run it in the directory that the lock is in. It renews all packages. With words that begin with --update, only those that
are named: renew-lock.sh web-app --context ./app --root /tmp/store --update pip:flask

If wanted: LOCK (the lock file, in or below this directory; default: <name>.lock), BRANCH (renew/<name>; the script's own:
  what it has is replaced), REMOTE (origin), SUMMARY (a file that gets the table of what changed, for the pull request),
  PUSH_OPTIONS (words for `git push`), VERIFIED_IMAGES (the command, a program or a .js file; default: the one on PATH).
Exit code 0: pushed, or nothing has changed (then SUMMARY is empty). Otherwise nothing was pushed, and a line says why.
TEXT
}

say() { printf 'renew-lock: %s\n' "$*" >&2; }

case ${1-} in
  -h | --help) usage; exit 0 ;;
  '' | -*) usage >&2; exit 2 ;;
esac
name=$1
shift
lock=${LOCK:-$name.lock} branch=${BRANCH:-renew/$name} remote=${REMOTE:-origin} summary=${SUMMARY:-/dev/null}
tool=${VERIFIED_IMAGES:-verified-images}
images() { case $tool in *.js) node "$tool" "$@" ;; *) "$tool" "$@" ;; esac }

: >"$summary"
git diff --quiet HEAD -- "./$lock" 2>/dev/null || { say "$lock has changes that are not committed; commit them first"; exit 1; }
case " $* " in *' --update '*) all= ;; *) all=--update ;; esac
images lock "$name" "--lock=$lock" "$@" ${all:+"$all"} >&2 || { say "$lock was not renewed"; exit 1; }
if [ -z "$(git status --porcelain -- "./$lock")" ]; then
  say "nothing has changed in $lock"
  exit 0
fi
if git cat-file -e "HEAD:./$lock" 2>/dev/null; then
  images diff "HEAD:./$lock" "./$lock" --format markdown >"$summary" || [ "$?" -eq 1 ] # 1: they differ
else
  printf 'The first lock of %s.\n' "$name" >"$summary"
fi
before=$(git symbolic-ref --quiet --short HEAD || git rev-parse HEAD)
git switch --quiet --force-create "$branch"
git add -- "./$lock"
git commit --quiet --message "Renew the lock of $name" -- "./$lock"
pushed=0
# shellcheck disable=SC2086 # several words are wanted
git push --quiet --force ${PUSH_OPTIONS-} "$remote" "HEAD:refs/heads/$branch" || pushed=$?
git checkout --quiet "$before" --
[ "$pushed" -eq 0 ] || { say "git push of $branch failed; the commit is on the branch $branch here"; exit 1; }
say "pushed $branch"
