import { asSentence, type Warning } from "../../base/words/warning";
import { imageInputs } from "../../inputs/image-inputs";
import type { Background, Verification } from "../../store/verified-state";
import { ignoredIn } from "../host/ignored";
import { same } from "../host/same";
import type { Observation } from "./inspect-state";

/** What a change is looked for in: every input, which of them are secrets, and the hashes of recipe and context. */
const COMPARED = [
  ...imageInputs.keyof().options,
  "secretInputs",
  "recipeHash",
  "contextHash",
  "committedLockHash",
];

/** In the place of the hash of a committed lock that is not there. */
export const NO_LOCK = "missing";

type State = Readonly<Record<string, unknown>>;

/** How an image's state differs from its inputs and from what is there. */
export interface ImageDiff {
  /** Names of inputs that changed. */
  inputs: string[];
  /** Sentences about the user's own changes of recipe and context. */
  own: string[];
  /** What has changed behind the user's back; empty: nothing has. */
  drift: Warning[];
  /** Why it is not known whether anything has changed; null: it is known. */
  doubt: string | null;
  /** About a verification that runs in the background; null: none runs. */
  underWay: Warning | null;
}

/** Compares an image's state with its inputs, and with what was observed of its build. */
export function diffImage(state: State, inputs: State, observed: Observation | null): ImageDiff {
  // A missing hash only means that the recipe or context is not known yet. That is no change.
  const ignored = ignoredIn(inputs);
  const changed = COMPARED.filter(
    (name) =>
      !(name.endsWith("Hash") && inputs[name] === undefined) &&
      // Who ignores changes of `recipe` or `context` means the files, not only their path.
      !ignored.some((other) => name === other || name === `${other}Hash`) &&
      !same(state[name], inputs[name]),
  );
  const toLock =
    changed.length > 0 && typeof inputs.lockState === "string"
      ? [`the lock ${String(inputs.lock)} ${inputs.lockState}`]
      : [];
  const own = ["recipe", "context"]
    .filter((what) => changed.includes(`${what}Hash`))
    .map((what) => `${what} changed: the image is due to be built again`);
  const drift: Warning[] = [];
  if (observed?.answer === "different") drift.push(observed.warning);
  let underWay: Warning | null = null;
  if (observed?.answer === "so") {
    const { verification } = observed;
    if (verification.background?.phase === "running") {
      underWay = runningWarning(verification.background, String(inputs.root));
    } else {
      const warning = verdictWarning(state, inputs, verification);
      if (warning !== null) drift.push(warning);
    }
  }
  return {
    inputs: changed,
    own: [...own, ...toLock],
    drift,
    doubt: observed?.answer === "can't tell" ? observed.words : null,
    underWay,
  };
}

const VERIFY_AGAIN = "Run `pulumi up`: it verifies the same build again.";

/** A verdict that differs from the state's or is missing; null: it is the same. */
function verdictWarning(state: State, inputs: State, verification: Verification): Warning | null {
  const { state: now, reason, background } = verification;
  const why = reason === null ? null : asSentence(reason);
  if (now !== state.verified) {
    return state.verified === "unknown" && state.verify === "background"
      ? {
          what: `${now} in the background`,
          why: why ?? "The state does not have this verdict yet.",
          todo: "Run `pulumi up`: it records the verdict, and builds nothing.",
        }
      : {
          what: `mark changed: ${String(state.verified)} when it was built, ${now} now`,
          why,
          todo: VERIFY_AGAIN,
        };
  }
  const mode = inputs.verify ?? "inline";
  if (now !== "unknown" || mode === "skip") return null;
  if (background !== undefined)
    return { what: `not verified: ${reason ?? ""}`, why: null, todo: VERIFY_AGAIN };
  return mode === "inline"
    ? { what: "not verified yet: the rebuild is due", why, todo: VERIFY_AGAIN }
    : { what: "not verified yet: no verification is under way", why, todo: VERIFY_AGAIN };
}

/** A verification that runs. */
function runningWarning({ pid, host, since, log }: Background, root: string): Warning {
  return {
    what: "not verified yet: the locked rebuild runs in the background",
    why: `It runs since ${since}, as process ${pid} on ${host}.`,
    todo: `Wait for it; its log is ${root}/${log}.`,
  };
}
