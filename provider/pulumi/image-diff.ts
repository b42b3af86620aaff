import type { Observation } from "../roundtrip/observe";
import { same } from "./same";

/** Inputs that change what is built, or how it is judged and kept. */
const COMPARED = [
  "layer",
  "recipe",
  "context",
  "root",
  "engine",
  "host",
  "buildArgs",
  "target",
  "platform",
  "labels",
  "secrets",
  "revision",
  "verify",
  "requireVerified",
  "pin",
  "push",
  "retain",
  "keep",
  "force",
  "timeouts",
  "recipeHash",
  "contextHash",
];

type State = Readonly<Record<string, unknown>>;

/** What differs, in words. */
export interface ImageDiff {
  /** Names of inputs that changed. */
  inputs: string[];
  /** Sentences about the world having changed; empty when it has not. */
  drift: string[];
  /** Why nothing could be told, or null. */
  doubt: string | null;
}

/** Compares an image's state with its inputs and with the world. Pure. */
export function diffImage(state: State, inputs: State, observed: Observation | null): ImageDiff {
  // A recipe or context that was not hashed (nothing known of it yet) is no change by itself.
  const changed = COMPARED.filter(
    (name) => !(name.endsWith("Hash") && inputs[name] === undefined) && !same(state[name], inputs[name]),
  );
  const drift: string[] = [];
  if (changed.includes("recipeHash")) drift.push("recipe changed: the image is due to be built again");
  if (changed.includes("contextHash")) drift.push("context changed: the image is due to be built again");
  if (observed?.answer === "different") drift.push(observed.words);
  if (observed?.answer === "so") {
    const { state: now, reason } = observed.verification;
    if (now !== state.verified) {
      drift.push(
        `mark changed: ${String(state.verified)} when it was built, ${now} now${reason === null ? "" : ` (${reason})`}`,
      );
    } else if (now === "unknown" && (inputs.verify ?? "inline") === "inline") {
      drift.push("not verified yet: the rebuild is due");
    }
  }
  return { inputs: changed, drift, doubt: observed?.answer === "can't tell" ? observed.words : null };
}
