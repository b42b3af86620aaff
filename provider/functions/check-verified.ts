import { resolve } from "node:path";
import { driftLines } from "../compare/summary";
import { VerifyError } from "../errors/verify-error";
import { findBuild } from "../store/find-image";
import { noDrift, readVerification, type Verification, type VerifiedState } from "../store/verification";
import type { CheckVerifiedOptions } from "./on-call";

/** What the store says of an artifact: `<layer>:<timestamp>`, `<layer>` (its latest), or an image ID. */
export async function verificationOf(artifact: string, root: string | undefined): Promise<Verification> {
  const unknown = (reason: string): Verification => ({ state: "unknown", drift: noDrift(), reason });
  if (root === undefined || root === "") return unknown("no artifact store was given");
  const build = await findBuild(resolve(root), artifact);
  if (build === null) return unknown(`the store ${root} has no build of it`);
  return await readVerification(build.paths, build.record.imageId);
}

/** The root's function of this name, which says what it does. */
export async function checkVerified(
  artifact: string,
  options: CheckVerifiedOptions = {},
): Promise<{ state: VerifiedState; detail: string }> {
  const verification = await verificationOf(artifact, options.root);
  const { state } = verification;
  const detail = verificationLine(artifact, verification);
  if (state !== "verified") {
    if (options.requireVerified === true) throw new VerifyError(artifact, whyNot(verification));
    console.warn(`warning: ${detail}`);
  }
  return { state, detail };
}

function whyNot({ state, drift, reason }: Verification): string {
  const names = driftLines(drift).join("; ");
  return names === "" ? (reason ?? state) : names;
}

/** What is said of an artifact at the moment of its use, on one line. Pure. */
export function verificationLine(artifact: string, verification: Verification): string {
  const { state } = verification;
  if (state === "verified") return `${artifact} is verified`;
  return `${artifact} is not verified (${state}): ${whyNot(verification)}`;
}
