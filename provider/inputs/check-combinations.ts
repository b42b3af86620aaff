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
