import { DISABLED } from "../provider/gate/clause";
import type { Examined } from "../provider/gate/examine";
import { REVISION_LABEL, type Verdict } from "../provider/gate/verdict";
import { EXIT } from "./exit-code";
import type { Answer, World } from "./world";

/** The validated revision, where no flag gives it. */
export const REVISION_VARIABLE = "EXPECTED_REVISION";

/** The expected revision by flag or environment; null when neither is set. Empty is not unset. Pure. */
export function expectation(flag: string | undefined, env: World["env"]): string | null {
  return flag ?? env[REVISION_VARIABLE] ?? null;
}

const UNCHECKED = `provenance not checked: neither --expected-revision nor ${REVISION_VARIABLE} is set`;

/**
 * The gate's answer. Pure.
 *
 * @param found what was looked at, or a verdict that needs no look; null when nothing was to be checked
 */
export function gateAnswer(
  image: string,
  found: { examined: Examined } | { verdict: Verdict } | null,
): Answer {
  const nothing = { imageId: null, revision: null };
  if (found === null) return answer(image, true, UNCHECKED, [UNCHECKED], nothing);
  if ("verdict" in found) {
    const { ok, message } = found.verdict;
    return answer(image, ok, message, [message], nothing);
  }
  const { image: facts, judgement } = found.examined;
  const unchecked = judgement.verdict === DISABLED;
  const verdict = unchecked ? UNCHECKED : judgement.verdict;
  const lines = judgement.clauses.map(({ property, ok, message }) =>
    // Messages of inputs begin where the input's name ends.
    !ok && message.startsWith("is ") ? `${property} ${message}` : message,
  );
  const revision = facts.labels[REVISION_LABEL] ?? null;
  return answer(image, judgement.ok, verdict, unchecked ? [UNCHECKED, ...lines] : lines, {
    imageId: facts.id,
    revision,
  });
}

function answer(
  image: string,
  ok: boolean,
  verdict: string,
  lines: readonly string[],
  facts: { imageId: string | null; revision: string | null },
): Answer {
  return {
    code: ok ? EXIT.yes : EXIT.no,
    text: lines.map((line) => `${line}\n`).join(""),
    document: { image, ok, verdict, reasons: ok ? [] : lines, ...facts },
  };
}
