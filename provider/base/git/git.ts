import { run, type RunResult } from "../process/run";

/** Variables that make git use another repository, or read this one differently (`git rev-parse --local-env-vars`). */
const REDIRECTIONS = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_NAMESPACE",
  "GIT_SHALLOW_FILE",
  "GIT_REPLACE_REF_BASE",
  "GIT_CONFIG",
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_PARAMETERS",
  "GIT_PREFIX",
  "GIT_INTERNAL_SUPER_PREFIX",
];

/**
 * Settings that only read: git takes no lock, fetches nothing, asks for no password, and answers in English. A commit's
 * parents are those that it was made with. Replacement objects are ignored, and so is the repository's file of grafts
 * (`info/grafts`), because `GIT_GRAFT_FILE` names another one.
 *
 * Older releases of git do not know `GIT_NO_LAZY_FETCH`. So no protocol is allowed either, whatever the repository's
 * configuration says. Otherwise a partial clone could name the program that fetches what it lacks.
 */
const READ_ONLY = {
  GIT_GRAFT_FILE: "/dev/null",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/** Programs that the work tree's own configuration can name for any question. Filters have names: see filters.ts. */
const NO_PROGRAMS = ["--no-pager", ...["core.fsmonitor=", "core.hooksPath=/dev/null"].flatMap(setting)];

/** git's options for one setting, `name=value`. */
export function setting(text: string): string[] {
  return ["-c", text];
}

/** Default limit for one git command, seconds. */
export const GIT_SECONDS = 30;

/**
 * Runs git in one directory. Give git's own options in `args` before any value that comes from a user.
 *
 * @param settings more of git's options, for before the name of the command
 */
export type Git = (
  args: readonly string[],
  input?: string,
  settings?: readonly string[],
) => Promise<RunResult>;

/**
 * Makes a function that runs git in one directory, even if the environment points git to another repository. Hooks and
 * the monitor of files, which are programs, do not run.
 *
 * @param seconds limit for each command, in seconds
 */
export function gitIn(directory: string, seconds: number): Git {
  const env = { ...Object.fromEntries(REDIRECTIONS.map((name) => [name, undefined])), ...READ_ONLY };
  return (args, input, settings = []) =>
    run("git", [...NO_PROGRAMS, ...settings, "-C", directory, ...args], {
      title: `git ${args[0] ?? ""}`,
      timeoutMs: seconds * 1000,
      env,
      input,
    });
}
