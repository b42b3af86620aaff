import type { Sighting } from "../../base/git/still";
import type { Rollout } from "../../promote/gate/rollout";
import type { ImageInputs } from "../../inputs/image-inputs.generated";
import type { Timeouts } from "../../inputs/timeouts";
import type { Drift } from "../../packages/lock/types";
import type { CheckVerifiedOptions } from "./check-verified";
import type { ImageOutputs } from "../roundtrip/image-outputs";
import type { VerifiedState } from "../../store/verified-state";

// The functions of the package's root. Each loads its code when it is called, so a program that only declares resources
// loads none of it.

/**
 * Builds a loose recipe, writes a lock of what was really installed, rebuilds from the lock and compares. The same as
 * `ReproducibleImage`, without Pulumi.
 *
 * Relative paths are relative to the working directory. In one process at most VERIFIED_IMAGES_CONCURRENCY builds run at
 * once (default: half the cores, at least one). One artifact of one store is built by one process at a time. Other calls
 * wait.
 *
 * @throws {InputError} naming everything that is wrong with the inputs, before anything runs
 * @throws {VerifyError} with `requireVerified`, when the image is not verified; the build stays in the store
 * @throws {StampInDoubtError} with `revision`, when HEAD or the context changed meanwhile; the build stays in the store
 * @throws {EngineUnreachableError} when Docker does not answer
 * @throws {BuildFailedError} when the loose recipe does not build
 * @throws {ArtifactInUseError} when another process has been building the artifact for two hours
 */
export async function buildReproducible(
  options: ImageInputs & { readFrom?: Sighting },
): Promise<ImageOutputs> {
  return await (await import("./build-reproducible.js")).buildReproducible(options);
}

/**
 * Rebuilds a build of the store from its locked recipe, compares, and writes the verdict into the store. Waits for its turn
 * like `buildReproducible`.
 *
 * @returns the drift, whether the rebuild is identical, and a summary on one line
 * @throws {StoreError} when the store has no such build, or its lock was changed
 * @throws {ContextChangedError} when the build context has changed since the build
 * @throws {ArtifactInUseError} when another process has been building the artifact for two hours
 */
export async function verifyRoundTrip(
  name: string,
  root: string,
  timestamp: string,
): Promise<Drift & { identical: boolean; summary: string }> {
  return await (await import("./verify-round-trip.js")).verifyRoundTrip(name, root, timestamp);
}

/**
 * Says whether an artifact is verified, right before it is used. Warns on standard error whenever it is not.
 *
 * If a build's reference points at another image by now, the answer is `unknown`. If the engine does not answer, the answer
 * rests on the store alone.
 *
 * @param artifact `<name>:<timestamp>`, `<name>` (its latest build), an image ID, any other name that an image has on the
 *   engine, or a path in the store: a build's lock, or the link `latest`
 * @returns the state, and a sentence
 * @throws {VerifyError} with `requireVerified`, naming the artifact and the drift on one line
 */
export async function checkVerified(
  artifact: string,
  options?: CheckVerifiedOptions,
): Promise<{ state: VerifiedState; detail: string }> {
  return await (await import("./check-verified.js")).checkVerified(artifact, options);
}

/**
 * The revision that images of a repository must carry: HEAD of the work tree if the gate applies to the repository. `""`
 * if it does not apply, or if that is in doubt. Never throws.
 *
 * @param rollout where the gate is on. `repository` names the work tree's own repository (default: `selfRepository`). An
 *   empty list means the program's own repository: `selfRepository`, or else the git remote `origin` of the program's
 *   directory
 */
export async function expectedRevision(
  worktree: string,
  rollout: Rollout & { repository?: string | null },
): Promise<string> {
  return await (await import("./revisions.js")).expectedRevision(worktree, rollout);
}

/**
 * An image's revision label. `""` if there is no such image or no label, or if the engine does not answer. Never throws.
 */
export async function imageRevision(
  image: string,
  options?: { host?: string; timeouts?: Partial<Timeouts> },
): Promise<string> {
  return await (await import("./revisions.js")).imageRevision(image, options);
}
