import { apptainerEngine } from "../../engines/apptainer/engine";
import { isVerifiedImagesError } from "../../base/errors/base";
import { StoreError } from "../../base/errors/store-error";
import { committedLock } from "../../build/lock/committed";
import { LockFileError } from "../../build/lock/errors";
import type { Images } from "../../engines/engine";
import type { Recipe } from "../../recipe/dockerfile/read";
import { inputOf, type InputFailure } from "../../inputs/failure";
import type { BuildPlan } from "../../inputs/image-inputs";
import { planImage } from "../../inputs/plan";
import { latestBuild } from "../../store/builds";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";
import { ignoredInCheck } from "../host/ignored";
import { programPaths } from "../host/program-paths";
import { stackConcurrency, userInputs, type CheckAnswer, type Properties } from "../host/properties";
import { isUnknown } from "../host/unknowns";
import { imagesOf, type ImageWorld } from "./image-world";
import { NO_LOCK } from "./image-diff";
import { observeBuild } from "./inspect-state";

/** Which resource of this program uses which committed lock. One process checks all of them. */
const users = new Map<string, string>();

/** Two images can't have one lock: each would write it for itself. */
function sharedLock({ lock }: Partial<BuildPlan>, urn: unknown): InputFailure[] {
  if (lock === undefined || lock === null || typeof urn !== "string") return [];
  const other = users.get(lock) ?? urn;
  users.set(lock, other);
  const reason = `${lock} is the lock of ${other} too; give each image a lock of its own`;
  return other === urn ? [] : [{ property: "lock", reason }];
}

/** A sentence for the diff about the artifact's latest build: whether it is still as the store recorded it. */
async function liveWords(engine: Images, { root, name }: Pick<BuildPlan, "root" | "name">): Promise<string> {
  const timestamp = await latestBuild(root, name);
  const record = timestamp === null ? null : await readRecord(buildPaths(root, name, timestamp).record);
  if (record === null) return "not built yet";
  const observed = await observeBuild(engine, root, record);
  if (observed.answer === "so") {
    const { state, background } = observed.verification;
    return `in place, ${state}${background?.phase === "running" ? " (being verified in the background)" : ""}`;
  }
  return observed.answer === "different" ? observed.words : `can't tell: ${observed.words}`;
}

/**
 * What the committed lock means, for the diff, and the hash of its bytes.
 *
 * @throws {LockFileError} when nothing can be built from it, or it is frozen and does not fit
 */
async function lockWords(inputs: Partial<BuildPlan> & { lock: string }, recipe: Recipe): Promise<Properties> {
  const { meaning, hash } = await committedLock(inputs, recipe);
  const words = {
    none: "not written yet: the update writes it, if the image is verified",
    fits: "fits the recipe: one build from it",
    changed: `does not fit the recipe: ${meaning.kind === "changed" ? meaning.changes.join("; ") : ""}`,
  }[meaning.kind];
  return { lockState: words, committedLockHash: hash ?? NO_LOCK };
}

/** Hashes of recipe and context, and the state of the latest build. As inputs, a preview can show them. */
async function factsOf(
  world: ImageWorld,
  engine: Images,
  known: Partial<BuildPlan>,
  recipeHash: string | null,
  recipe: Recipe | null,
): Promise<Properties> {
  const { context, root, recipe: file, name, contexts, lock } = known;
  if (recipeHash === null || context === undefined || root === undefined || file === undefined) return {};
  if (contexts === undefined) return {};
  const words =
    lock === null || lock === undefined || recipe === null
      ? null
      : await lockWords({ ...known, lock }, recipe);
  const { contextHash } = await world.reader.context({ context, root, recipe: file, contexts, lock });
  const live = name === undefined ? {} : { live: await liveWords(engine, { root, name }) };
  return { recipeHash, contextHash, ...live, ...words };
}

/**
 * Checks an image's inputs, in preview and update alike. Nothing is built or written. An engine that does not answer is a
 * failure for a new image. For an image that is in the state it is only a warning, which the diff gives.
 */
export async function checkImage(
  world: ImageWorld,
  olds: Properties | undefined,
  news: Properties,
): Promise<CheckAnswer> {
  const directory = process.cwd();
  const inputs = programPaths(news, directory);
  const {
    known,
    recipe,
    recipeHash,
    failures: wrong,
  } = await planImage(userInputs(inputs), directory, {
    later: isUnknown,
    read: world.reader.recipe,
  });
  const failures: InputFailure[] = [...wrong, ...stackConcurrency(inputs).failures];
  failures.push(...sharedLock(known, inputs.resourceUrn));
  const images = imagesOf(world, known);
  const isNew = Object.keys(olds ?? {}).length === 0;
  if (isNew && !failures.some((failure) => ["host", "timeouts"].includes(inputOf(failure)))) {
    try {
      await (known.engine === "apptainer" ? apptainerEngine() : images).identity();
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      failures.push({ property: known.engine === "apptainer" ? "engine" : "host", reason: error.message });
    }
  }
  if (failures.length > 0) return { inputs: news, failures };
  try {
    const ignored = ignoredInCheck(olds, news);
    const facts = await factsOf(world, images, known, recipeHash, recipe);
    return { inputs: { ...inputs, ...facts, ...(ignored.length > 0 && { ignored }) }, failures };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const property =
      error instanceof LockFileError ? "lock" : error instanceof StoreError ? "root" : "context";
    return { inputs: news, failures: [{ property, reason: error.message }] };
  }
}
