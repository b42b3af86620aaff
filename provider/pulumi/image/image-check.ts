import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isVerifiedImagesError } from "../../base/errors/base";
import { checkImageInputs } from "../../inputs/check-image";
import { inputOf } from "../../inputs/failure";
import type { ImageInputs } from "../../inputs/image-inputs";
import { makePlan } from "../../inputs/plan";
import { observeBuild } from "../../build/roundtrip/observe";
import { hashRecipe, readContext } from "../../build/roundtrip/source";
import { latestBuild } from "../../store/builds";
import { StoreError } from "../../base/errors/store-error";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";
import { programPaths } from "../host/program-paths";
import {
  engineFor,
  stackConcurrency,
  userInputs,
  type CheckAnswer,
  type Properties,
} from "../host/properties";
import { isUnknown } from "../host/unknowns";

/** The build that the store has as this artifact's latest, looked up in the world, in words for the diff. */
async function liveWords(inputs: Properties): Promise<string> {
  const root = resolve(inputs.root as string);
  const name = inputs.name as string;
  const timestamp = await latestBuild(root, name);
  const record = timestamp === null ? null : await readRecord(buildPaths(root, name, timestamp).record);
  if (record === null) return "not built yet";
  const observed = await observeBuild(engineFor(inputs), root, record);
  if (observed.answer === "so") {
    const { state, background } = observed.verification;
    return `in place, ${state}${background?.phase === "running" ? " (being verified in the background)" : ""}`;
  }
  return observed.answer === "different" ? observed.words : `can't tell: ${observed.words}`;
}

/** Hashes of what would be built, and what is there; added to the inputs, so that a preview can show them. */
async function addFacts(inputs: Properties, directory: string): Promise<void> {
  const plan = makePlan(userInputs(inputs) as unknown as ImageInputs, directory);
  inputs.recipeHash = hashRecipe(await readFile(plan.recipe, "utf8"));
  inputs.contextHash = (await readContext(plan)).contextHash;
  if (!isUnknown(inputs.name)) inputs.live = await liveWords(inputs);
}

/**
 * Judges an image's inputs, in preview and update alike; nothing is built or written. An engine that does
 * not answer is a failure for a new image, and a doubt (see the diff) for one that is in the state.
 */
export async function checkImage(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const directory = process.cwd();
  const inputs = programPaths(news, directory);
  const failures = await checkImageInputs(userInputs(inputs), directory, isUnknown);
  failures.push(...stackConcurrency(inputs).failures);
  const isNew = Object.keys(olds ?? {}).length === 0;
  if (isNew && !failures.some((failure) => ["host", "timeouts"].includes(inputOf(failure)))) {
    try {
      await engineFor(inputs).identity();
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      failures.push({ property: "host", reason: error.message });
    }
  }
  if (failures.length > 0) return { inputs: news, failures };
  if (["recipe", "context", "root"].some((name) => isUnknown(inputs[name]))) return { inputs, failures };
  try {
    await addFacts(inputs, directory);
    return { inputs, failures };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const property = error instanceof StoreError ? "root" : "context";
    return { inputs: news, failures: [{ property, reason: error.message }] };
  }
}
