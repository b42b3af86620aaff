import { visibleLines } from "../../base/words/visible";
import { driftLines } from "../../packages/compare/summary";
import { VerifyError } from "../../base/errors/verify-error";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../../inputs/timeouts";
import type { Verification } from "../../store/verified-state";
import type { VerifiedState } from "../../store/verified-state";
import { engineAt } from "./effects";
import { verificationOf } from "../../store/verification-of";

/** How strictly an artifact's use is judged. */
export interface CheckVerifiedOptions {
  /** The artifact store. Default: none, and the answer is then always `unknown`. */
  root?: string;
  /** true: throw unless the artifact is verified. Default false: warn. */
  requireVerified?: boolean;
  /** Docker endpoint or context; its engine is asked which image a name points at. Default: the current one. */
  host?: string;
  /** `inspect`: seconds that the engine may take to answer; default 30. */
  timeouts?: Partial<Timeouts>;
}

/** See `checkVerified` in on-call.ts. */
export async function checkVerified(
  artifact: string,
  options: CheckVerifiedOptions = {},
): Promise<{ state: VerifiedState; detail: string }> {
  const engine = engineAt(options.host, options.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect);
  const verification = await verificationOf(artifact, options.root, engine);
  const { state } = verification;
  const detail = verificationLine(artifact, verification);
  if (state !== "verified") {
    if (options.requireVerified === true) throw new VerifyError(artifact, whyNot(verification));
    console.warn(visibleLines(`warning: ${detail}`));
  }
  return { state, detail };
}

function whyNot({ state, drift, reason }: Verification): string {
  const names = driftLines(drift).join("; ");
  return names === "" ? (reason ?? state) : names;
}

/** One line on whether an artifact is verified. */
export function verificationLine(artifact: string, verification: Verification): string {
  const { state } = verification;
  if (state === "verified") return `${artifact} is verified`;
  return `${artifact} is not verified (${state}): ${whyNot(verification)}`;
}
