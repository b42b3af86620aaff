import { REVISION_LABEL } from "../base/revision/verdict";
import { isLeftOut } from "./check-shapes";
import type { InputFailure } from "./failure";

/** Finds combinations of inputs that make no sense. Each is found whether or not other inputs are known and right. */
export function checkCombinations(inputs: Readonly<Record<string, unknown>>): InputFailure[] {
  const failures: InputFailure[] = [];
  const { requireVerified, verify, revision } = inputs;
  if (requireVerified === true && (verify === "skip" || verify === "background")) {
    failures.push({
      property: "requireVerified",
      reason: `can't be true together with verify: ${verify}, which gives no verdict in time; use verify: inline`,
    });
  }
  failures.push(...withoutLock(inputs));
  if (isLeftOut(revision)) return failures;
  for (const [name, key] of [
    ["labels", REVISION_LABEL],
    ["buildArgs", "GIT_SHA"],
  ] as const) {
    if (!Object.hasOwn(inputs[name] ?? {}, key)) continue;
    failures.push({ property: `${name}.${key}`, reason: "is set by revision; give one of them only" });
  }
  return failures;
}

/** What only means something together with `lock`. */
function withoutLock(inputs: Readonly<Record<string, unknown>>): InputFailure[] {
  if (!isLeftOut(inputs.lock)) return [];
  const { frozenLock, cache, cacheFrom, cacheTo } = inputs;
  const given = {
    frozenLock: frozenLock === true,
    cache: cache === "reuse",
    cacheFrom: isFilled(cacheFrom),
    cacheTo: isFilled(cacheTo),
  };
  return Object.entries(given).flatMap(([property, isGiven]) =>
    isGiven
      ? [
          {
            property,
            reason: "goes only together with lock; give the path of a lock file, or leave this out",
          },
        ]
      : [],
  );
}

const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;
