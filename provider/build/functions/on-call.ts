import type { Rollout } from "../../promote/gate/rollout";
import type { ImageInputs } from "../../inputs/image-inputs.generated";
import type { Timeouts } from "../../inputs/timeouts";
import type { Drift } from "../../packages/lock/types";
import type { CheckVerifiedOptions } from "./check-verified";
import type { ImageOutputs } from "../roundtrip/image-outputs";
import type { VerifiedState } from "../../store/verified-state";

// The promises of the package's root. Each loads what it needs when it is called, so that a program that only declares
// resources loads none of it.

/**
 * Builds a loose recipe, freezes a lock of what really got installed, rebuilds from it and compares. The
 * same as `ReproducibleImage`, without Pulumi.
 *
 * Relative paths are relative to the working directory. Of several calls in one process only so many build at
 * once as the environment's VERIFIED_IMAGES_CONCURRENCY says (default: half the cores, at least one), and of those
 * for one artifact of one store, in whatever process, only one; the others wait.
 *
 * @throws {InputError} naming everything that is wrong with the inputs, before anything runs
 * @throws {VerifyError} with `requireVerified`, when the image is not verified; the build stays in the store
 * @throws {EngineUnreachableError} when Docker does not answer
 * @throws {BuildFailedError} when the loose recipe does not build
 * @throws {ArtifactInUseError} when another process has been building the artifact for two hours
 */
export async function buildReproducible(options: ImageInputs): Promise<ImageOutputs> {
  return await (await import("./build-reproducible.js")).buildReproducible(options);
}

/**
 * Rebuilds a build of the store from its locked recipe, compares, and writes its mark. Waits for its turn as
 * `buildReproducible` does.
 *
 * @returns the drift, whether there is none, and a summary on one line
 * @throws {StoreError} when the store has no such build, or its lock was changed
 * @throws {ContextChangedError} when the context is no longer what was built from
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
 * Judges an artifact at the moment of its use. Warns on standard error whenever it is not verified.
 *
 * A build's reference that names another image by now is `unknown`. An engine that doesn't answer is no obstacle to what the store knows by itself.
 *
 * @param artifact `<name>:<timestamp>`, `<name>` (its latest), an image ID, any other name that an image has on the
 *   engine, or a path of the store: a build's lock, or the link `latest`
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
 * The revision that images of a repository have to carry: HEAD of the work tree where the gate applies, `""`
 * where it doesn't, or on any doubt. Never throws.
 *
 * @param rollout where the gate is on; `repository` names the work tree's own repository, default:
 *   `selfRepository`. An empty list means the program's own repository: `selfRepository`, else what the git remote `origin`
 *   of the program's directory names
 */
export async function expectedRevision(
  worktree: string,
  rollout: Rollout & { repository?: string | null },
): Promise<string> {
  return await (await import("./revisions.js")).expectedRevision(worktree, rollout);
}

/**
 * An image's revision label, or `""` on any doubt: no such image, no label, an engine that doesn't answer.
 * Never throws.
 */
export async function imageRevision(
  image: string,
  options?: { host?: string; timeouts?: Partial<Timeouts> },
): Promise<string> {
  return await (await import("./revisions.js")).imageRevision(image, options);
}
