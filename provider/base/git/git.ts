import { run, type RunResult } from "../process/run";

/** Variables that would make git look at another repository, or see this one as another (`git rev-parse --local-env-vars`). */
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
 * Only looked at: nothing is locked or fetched, nobody is asked for a password, and answers come in English. Commits have
 * the parents that they were made with: neither replacements nor the repository's own file of grafts (`info/grafts`, which
 * the variable takes the place of) give them others.
 */
const LOOKING = {
  GIT_GRAFT_FILE: "/dev/null",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/** Default limit for one git command, seconds. */
export const GIT_SECONDS = 30;

/** Runs git somewhere; options of git's own stand in `args` before any value that a user has given. */
export type Git = (args: readonly string[], input?: string) => Promise<RunResult>;

/**
 * git in one directory, whatever the environment points it at.
 *
 * @param seconds limit for each command
 */
export function gitIn(directory: string, seconds: number): Git {
  const env = { ...Object.fromEntries(REDIRECTIONS.map((name) => [name, undefined])), ...LOOKING };
  return (args, input) =>
    run("git", ["-C", directory, ...args], {
      title: `git ${args[0] ?? ""}`,
      timeoutMs: seconds * 1000,
      env,
      input,
    });
}
