import { backgroundDetail } from "../../build/roundtrip/background-words";
import { imageInputs } from "../../inputs/image-inputs";
import type { Verification } from "../../store/verified-state";
import { same } from "../host/same";
import type { Observation } from "./inspect-state";

/** What a change is looked for in: every input, which of them are secrets, and the hashes of recipe and context. */
const COMPARED = [...imageInputs.keyof().options, "secretInputs", "recipeHash", "contextHash"];

type State = Readonly<Record<string, unknown>>;

/** How an image's state differs from its inputs and from what is there. */
export interface ImageDiff {
  /** Names of inputs that changed. */
  inputs: string[];
  /** Sentences about the user's own changes of recipe and context. */
  own: string[];
  /** Sentences about what has changed behind the user's back; empty: nothing has. */
  drift: string[];
  /** Why it is not known whether anything has changed; null: it is known. */
  doubt: string | null;
  /** A sentence about a verification that runs in the background; null: none runs. */
  underWay: string | null;
}

/** Compares an image's state with its inputs, and with what was observed of its build. */
export function diffImage(state: State, inputs: State, observed: Observation | null): ImageDiff {
  // A missing hash only means that the recipe or context is not known yet. That is no change.
  const changed = COMPARED.filter(
    (name) => !(name.endsWith("Hash") && inputs[name] === undefined) && !same(state[name], inputs[name]),
  );
  const own = ["recipe", "context"]
    .filter((what) => changed.includes(`${what}Hash`))
    .map((what) => `${what} changed: the image is due to be built again`);
  const drift: string[] = [];
  if (observed?.answer === "different") drift.push(observed.words);
  let underWay: string | null = null;
  if (observed?.answer === "so") {
    const { verification } = observed;
    if (verification.background?.phase === "running") {
      underWay = `not verified yet: ${backgroundDetail(verification.background, String(inputs.root))}`;
    } else {
      const words = verdictWords(state, inputs, verification);
      if (words !== null) drift.push(words);
    }
  }
  return {
    inputs: changed,
    own,
    drift,
    doubt: observed?.answer === "can't tell" ? observed.words : null,
    underWay,
  };
}

/** A sentence about a verdict that differs from the state's or is missing; null: it is the same. */
function verdictWords(state: State, inputs: State, verification: Verification): string | null {
  const { state: now, reason, background } = verification;
  const why = reason === null ? "" : ` (${reason})`;
  if (now !== state.verified) {
    if (state.verified === "unknown" && state.verify === "background") {
      return `${now} in the background${why}: the next update records it, and builds nothing`;
    }
    return `mark changed: ${String(state.verified)} when it was built, ${now} now${why}`;
  }
  const mode = inputs.verify ?? "inline";
  if (now !== "unknown" || mode === "skip") return null;
  const again = "the next update verifies the same build again";
  if (background !== undefined) return `not verified: ${reason ?? ""}: ${again}`;
  return mode === "inline"
    ? "not verified yet: the rebuild is due"
    : `not verified yet: no verification is under way: ${again}`;
}
