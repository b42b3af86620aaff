/** Who promotes, as far as the machine knows. Said, not proven: whoever runs a program can set its environment. */
export interface Who {
  /** Account on the machine. */
  user: string;
  host: string;
  /** Whom CI names; null elsewhere. */
  actor: string | null;
}

/**
 * What CI systems call the person behind a run, by the variables that they document. GitHub's triggering actor comes
 * before its actor, for who runs a job again need not be who ran it first.
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

const LIMIT = 200;

/** One line of at most 200 characters, without what would steer a terminal. */
function tidy(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, LIMIT);
}

/** Who promotes, from the environment and the machine's own words; nothing else of the environment is read. */
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
