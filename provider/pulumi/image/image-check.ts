import { apptainerEngine } from "../../engines/apptainer/engine";
import { isVerifiedImagesError } from "../../base/errors/base";
import { StoreError } from "../../base/errors/store-error";
import type { Images } from "../../engines/engine";
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
import { observeBuild } from "./inspect-state";

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

/** Hashes of recipe and context, and the state of the latest build. As inputs, a preview can show them. */
async function factsOf(
  world: ImageWorld,
  engine: Images,
  { context, root, recipe: file, name, contexts }: Partial<BuildPlan>,
  recipeHash: string | null,
): Promise<Properties> {
  if (recipeHash === null || context === undefined || root === undefined || file === undefined) return {};
  if (contexts === undefined) return {};
  const { contextHash } = await world.reader.context({ context, root, recipe: file, contexts });
  const live = name === undefined ? {} : { live: await liveWords(engine, { root, name }) };
  return { recipeHash, contextHash, ...live };
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
    recipeHash,
    failures: wrong,
  } = await planImage(userInputs(inputs), directory, {
    later: isUnknown,
    read: world.reader.recipe,
  });
  const failures: InputFailure[] = [...wrong, ...stackConcurrency(inputs).failures];
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
    const facts = await factsOf(world, images, known, recipeHash);
    return { inputs: { ...inputs, ...facts, ...(ignored.length > 0 && { ignored }) }, failures };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const property = error instanceof StoreError ? "root" : "context";
    return { inputs: news, failures: [{ property, reason: error.message }] };
  }
}
