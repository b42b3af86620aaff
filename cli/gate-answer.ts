import { clauseWords, DISABLED, type Clause } from "../provider/promote/gate/clause";
import type { ExaminedSif } from "../provider/promote/gate/examine-sif";
import type { Examined } from "../provider/promote/gate/examine";
import { REVISION_LABEL, type Verdict } from "../provider/base/revision/verdict";
import { EXIT } from "./exit-code";
import type { Answer, World } from "./world";

/** An image of any kind, and the gate's judgement of it. */
type JudgedImage = Examined | ExaminedSif;

/** The variable that gives the validated revision if no flag does. */
export const REVISION_VARIABLE = "EXPECTED_REVISION";

/** The expected revision from the flag or the environment; null: neither is set. An empty text is not null. */
export function expectation(flag: string | undefined, env: World["env"]): string | null {
  return flag ?? env[REVISION_VARIABLE] ?? null;
}

const UNCHECKED = `provenance not checked: neither --expected-revision nor ${REVISION_VARIABLE} is set`;

/**
 * The gate's answer.
 *
 * @param found the judged image, or a verdict that needed no image; null: there was nothing to check
 */
export function gateAnswer(
  image: string,
  found: { examined: JudgedImage } | { verdict: Verdict } | null,
): Answer {
  const nothing = { imageId: null, revision: null, clauses: [] };
  if (found === null) return answer(image, true, UNCHECKED, [UNCHECKED], [], nothing);
  if ("verdict" in found) {
    const { ok, message } = found.verdict;
    return answer(image, ok, message, [message], ok ? [] : [message], nothing);
  }
  const { image: facts, judgement } = found.examined;
  const unchecked = judgement.verdict === DISABLED;
  const verdict = unchecked ? UNCHECKED : judgement.verdict;
  // A clause about the label's origin that holds is not worth a line. A doubt about it goes to standard error.
  const told = judgement.clauses.filter(({ property, ok }) => !ok || property !== "source");
  const refusing = told
    .filter(({ ok }) => !ok)
    .map(({ property, message }) => clauseWords(property, message));
  // If something is refused, the clauses that hold are marked.
  const mark = refusing.length === 0 ? "" : "holds: ";
  const holding = told
    .filter(({ ok }) => ok)
    .map(({ property, message, warning }) =>
      warning ? `warning: ${message}` : `${mark}${clauseWords(property, message)}`,
    );
  const lines = [...(unchecked ? [UNCHECKED] : []), ...refusing, ...holding];
  return answer(image, judgement.ok, verdict, lines, refusing, {
    imageId: facts.id,
    revision: facts.labels[REVISION_LABEL] ?? null,
    clauses: judgement.clauses,
  });
}

function answer(
  image: string,
  ok: boolean,
  verdict: string,
  lines: readonly string[],
  reasons: readonly string[],
  facts: { imageId: string | null; revision: string | null; clauses: readonly Clause[] },
): Answer {
  return {
    code: ok ? EXIT.yes : EXIT.no,
    text: lines.map((line) => `${line}\n`).join(""),
    document: { image, ok, verdict, reasons, ...facts },
  };
}
