import { resolve } from "node:path";
import type { Engine } from "../engines/engine";
import { isVerifiedImagesError } from "../base/errors/base";
import { parseReference } from "../base/reference/parse";
import { findBuildOfFile, isFile } from "./find-file";
import { findBuild, type FoundBuild } from "./find-image";
import { inspectBuild } from "./inspect-build";
import { noDrift, readVerification } from "./verification";
import type { Verification } from "./verified-state";

const unknown = (reason: string): Verification => ({ state: "unknown", drift: noDrift(), reason });

const verificationOfBuild = ({ paths, record }: FoundBuild): Promise<Verification> =>
  readVerification(paths, record.imageId);

/**
 * What the store says about an artifact. The artifact is `<name>:<timestamp>`, `<name>` (its latest build), an image
 * ID, a path in the store, or any other name of an image on the engine.
 *
 * @param engine where names are looked up; null: only the store's own names are known
 * @throws {StoreError} when part of the store can't be read
 */
export async function verificationOf(
  artifact: string,
  root: string | undefined,
  engine: Engine | null = null,
): Promise<Verification> {
  if (root === undefined || root === "") return unknown("no artifact store was given");
  const store = resolve(root);
  if (await isFile(artifact)) {
    const found = await findBuildOfFile(store, artifact);
    return "build" in found ? await verificationOfBuild(found.build) : unknown(found.not);
  }
  const build = await findBuild(store, artifact);
  const none = `the store ${root} has no build of it`;
  if (engine === null) return build === null ? unknown(none) : await verificationOfBuild(build);
  if (build !== null) {
    const { imageId } = build.record;
    const found = await inspectBuild(engine, store, { ...build.record, reference: artifact }, "any");
    if (found.answer === "so") return await verificationOfBuild(build);
    if (found.answer === "different" && found.named !== null && found.named !== imageId) {
      return unknown(`${artifact} names ${found.named} now, and not the ${imageId} that was built`);
    }
    // If the engine does not answer or lacks the image, the store's own knowledge counts.
    return await verificationOfBuild(build);
  }
  const named = await idOf(engine, artifact);
  if (named === null) return unknown(none);
  if (named.id === undefined) return unknown(`${none}, and which image it names can't be told: ${named.why}`);
  const ofImage = await findBuild(store, named.id);
  if (ofImage === null)
    return unknown(`the store ${root} has no build of the image ${named.id} that it names`);
  return await verificationOfBuild(ofImage);
}

/** The ID of the image that a name stands for on the engine. Null when it stands for none. */
async function idOf(
  engine: Engine,
  name: string,
): Promise<{ id: string } | { id?: undefined; why: string } | null> {
  try {
    parseReference(name);
    const id = (await engine.inspect([name])).get(name)?.id;
    return id === undefined ? null : { id };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { why: error.message };
  }
}
