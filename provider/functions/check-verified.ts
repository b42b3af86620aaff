import { resolve } from "node:path";
import { driftLines } from "../compare/summary";
import { VerifyError } from "../errors/verify-error";
import { findBuild } from "../store/find-image";
import { noDrift, readVerification, type Verification, type VerifiedState } from "../store/verification";

/** How strictly an artifact's use is judged. */
export interface CheckVerifiedOptions {
  /** The artifact store; without one nothing is known. */
  root?: string;
  /** true: anything but verified is an error. Default false: it warns, on every use. */
  requireVerified?: boolean;
}

/** What the store says of an artifact: `<layer>:<timestamp>`, `<layer>` (its latest), or an image ID. */
export async function verificationOf(artifact: string, root: string | undefined): Promise<Verification> {
  const unknown = (reason: string): Verification => ({ state: "unknown", drift: noDrift(), reason });
  if (root === undefined || root === "") return unknown("no artifact store was given");
  const build = await findBuild(resolve(root), artifact);
  if (build === null) return unknown(`the store ${root} has no build of it`);
  return await readVerification(build.paths, build.record.imageId);
}

/**
 * Judges an artifact at the moment of its use. Warns on standard error whenever it is not verified.
 *
 * @returns the state, and a sentence
 * @throws {VerifyError} with `requireVerified`, naming the artifact and the drift on one line
 */
export async function checkVerified(
  artifact: string,
  options: CheckVerifiedOptions = {},
): Promise<{ state: VerifiedState; detail: string }> {
  const { state, drift, reason } = await verificationOf(artifact, options.root);
  if (state === "verified") return { state, detail: `${artifact} is verified` };
  const names = driftLines(drift).join("; ");
  const detail = names === "" ? (reason ?? state) : names;
  if (options.requireVerified === true) throw new VerifyError(artifact, detail);
  console.warn(`warning: ${artifact} is not verified (${state}): ${detail}`);
  return { state, detail: `${artifact} is not verified (${state}): ${detail}` };
}
