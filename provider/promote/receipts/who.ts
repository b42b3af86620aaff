/** Who promotes, as far as the machine knows. This proves nothing: whoever runs a program can set its environment. */
export interface Who {
  /** Account on the machine. */
  user: string;
  host: string;
  /** The person whom CI names; null outside CI. */
  actor: string | null;
}

/**
 * The variables in which CI systems name the person behind a run, as their documentation says. GitHub's triggering actor
 * comes before its actor: the one who runs a job again may not be the one who ran it first.
 */
const ACTORS = [
  "GITHUB_TRIGGERING_ACTOR",
  "GITHUB_ACTOR",
  "GITLAB_USER_LOGIN",
  "BUILD_USER_ID",
  "BUILD_USER",
  "BUILDKITE_BUILD_CREATOR",
  "BUILD_REQUESTEDFOR",
  "CIRCLE_USERNAME",
];

/** Characters of a name that are kept. */
const LIMIT = 200;

/** One line of at most `LIMIT` characters, without control characters. */
function tidy(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, LIMIT);
}

/** Who promotes. Only the variables in `ACTORS` are read from the environment. */
export function whoPromotes(
  env: Readonly<Record<string, string | undefined>>,
  machine: { user: string; host: string },
): Who {
  const named = ACTORS.map((name) => tidy(env[name] ?? "")).find((value) => value !== "");
  return {
    user: tidy(machine.user) || "unknown",
    host: tidy(machine.host) || "unknown",
    actor: named ?? null,
  };
}
