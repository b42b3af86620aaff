import type { InputFailure } from "../../inputs/failure";
import type { Rollout } from "./rollout";

/** The rollout's keys in a stack's configuration, below `verified-images:`. */
export const ROLLOUT_KEYS = {
  enabled: "enabled",
  repositories: "repositories",
  selfRepository: "selfRepository",
} as const;

/** The configuration's values as text; undefined: the key is not set. */
export type RolloutTexts = Partial<Record<keyof typeof ROLLOUT_KEYS, string>>;

/** A repository's name. A URL, say, would match no repository and silently switch the gate off, so it is refused. */
const NAME = /^[\w.-]+(?:\/[\w.-]+)*$/;

const EXPECTED = "owner/name,owner/other or a list of such names";

/** The entries of a list, however it is written; null: it is no list. */
function entriesOf(list: unknown): string[] | null {
  if (list === undefined || list === null) return [];
  if (typeof list !== "string") {
    return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : null;
  }
  if (!list.trim().startsWith("[")) return list.split(",");
  try {
    const value: unknown = JSON.parse(list);
    return Array.isArray(value) ? entriesOf(value) : null;
  } catch {
    return null;
  }
}

/** Repository names from a comma-separated text, a JSON list or a list; or what is wrong with them. */
function namesOf(list: unknown): { names: string[] } | { wrong: string } {
  const entries = entriesOf(list);
  if (entries === null) return { wrong: `is ${JSON.stringify(list)}, expected ${EXPECTED}` };
  const names = entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
  const bad = names.filter((name) => !NAME.test(name)).map((name) => JSON.stringify(name));
  if (bad.length > 0) return { wrong: `has ${bad.join(", ")}, expected ${EXPECTED}` };
  return { names };
}

/**
 * The rollout that a stack's configuration asks for; null: it sets none. A value that can't be read is a failure. It is
 * never read as "off", because that would silently weaken the gate.
 *
 * `enabled` is `true` or `false`, default true; `repositories` is comma separated or a JSON list.
 */
export function configuredRollout(texts: RolloutTexts): {
  rollout: Rollout | null;
  failures: InputFailure[];
} {
  const failures: InputFailure[] = [];
  const fail = (key: string, wrong: string): void => {
    const reason = `${wrong}; it could weaken the gate, so nothing is assumed`;
    failures.push({ property: `verified-images:${key}`, reason });
  };
  const { enabled, repositories, selfRepository } = texts;
  const on = enabled?.trim() ?? "true";
  if (on !== "true" && on !== "false") {
    fail(ROLLOUT_KEYS.enabled, `is ${JSON.stringify(enabled)}, expected true or false`);
  }
  const list = namesOf(repositories);
  if ("wrong" in list) fail(ROLLOUT_KEYS.repositories, list.wrong);
  const self = selfProblem(selfRepository);
  if (self !== null) fail(ROLLOUT_KEYS.selfRepository, self);
  if ("wrong" in list || failures.length > 0 || (enabled === undefined && repositories === undefined)) {
    return { rollout: null, failures };
  }
  const rollout = {
    enabled: on === "true",
    repositories: list.names,
    selfRepository: selfRepository ?? null,
  };
  return { rollout, failures };
}

/** What is wrong with the name of the program's own repository, or null. */
function selfProblem(name: unknown): string | null {
  if (name === undefined || name === null) return null;
  if (typeof name === "string" && (name.trim() === "" || NAME.test(name.trim()))) return null;
  return `is ${JSON.stringify(name)}, expected owner/name`;
}

/** What is wrong with a rollout given in a program. A bad value is never read as "off" here either. */
export function rolloutFailures(rollout: { readonly [key in keyof Rollout]: unknown }): InputFailure[] {
  const failures: InputFailure[] = [];
  const fail = (key: string, reason: string): void => {
    failures.push({ property: `rollout.${key}`, reason });
  };
  const { enabled, repositories, selfRepository } = rollout;
  if (typeof enabled !== "boolean") fail("enabled", "expected true or false");
  const list = namesOf(repositories);
  if ("wrong" in list) fail("repositories", list.wrong);
  // This text could be read, but `imageFreshnessApplies` would take it for a single name.
  else if (typeof repositories === "string" && repositories.trim().startsWith("[")) {
    fail("repositories", `is a text with a JSON list, ${repositories.trim()}; give the list itself`);
  }
  const self = selfProblem(selfRepository);
  if (self !== null) fail("selfRepository", self);
  return failures;
}

/** Whether the name of the program's own repository is needed to tell where the rollout applies. */
export function needsSelf(rollout: Rollout): boolean {
  const { enabled, repositories, selfRepository } = rollout;
  const names = typeof repositories === "string" ? repositories.split(",") : (repositories ?? []);
  const empty = names.every((name) => name.trim() === "");
  return enabled && empty && (selfRepository ?? "").trim() === "";
}
