import { resolve } from "node:path";
import type { Engine } from "../engines/engine";
import { isVerifiedImagesError } from "../base/errors/base";
import { parseReference } from "../base/reference/parse";
import { findBuildOfFile, isFile } from "./find-file";
import { digestsOf, sameImage, type ImageDigests } from "../engines/image-digests";
import { digestsOfBuild, findBuild, findBuildOf, type FoundBuild } from "./find-image";
import { inspectBuild } from "./inspect-build";
import type { BuildRecord } from "./record";
import { findScitexBuild } from "./scitex/builds";
import { scitexVerification } from "./scitex/verification";
import { sifImages } from "./sif-images";
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
    const foreign = await findScitexBuild(store, artifact);
    if (foreign !== null) return await scitexVerification(foreign);
    const found = await findBuildOfFile(store, artifact);
    return "build" in found ? await verificationOfBuild(found.build) : unknown(found.not);
  }
  const build = await findBuild(store, artifact);
  const foreign = build === null ? await findScitexBuild(store, artifact) : null;
  if (foreign !== null) return await scitexVerification(foreign);
  const none = `the store ${root} has no build of it`;
  if (build?.record.engine.kind === "apptainer") {
    const { reference, imageId } = build.record;
    const now = (await sifImages(store).inspect([reference])).get(reference)?.id ?? "gone";
    if (now !== imageId) return unknown(`${artifact} is ${now} now, and not the ${imageId} that was built`);
    return await verificationOfBuild(build);
  }
  if (engine === null) return build === null ? unknown(none) : await verificationOfBuild(build);
  if (build !== null) {
    const { imageId } = build.record;
    const found = await inspectBuild(engine, store, { ...build.record, reference: artifact }, "any");
    if (found.answer === "so") return await verificationOfBuild(build);
    const named = found.answer === "different" ? found.named : null;
    if (
      named !== null &&
      sameImage({ id: named, config: null, registry: [] }, digestsOfBuild(build.record)) !== "same"
    )
      return unknown(`${artifact} names ${named} now, and not the ${imageId} that was built`);
    // If the engine does not answer or lacks the image, the store's own knowledge counts.
    return await verificationOfBuild(build);
  }
  const named = await namedOn(engine, artifact);
  if (named === null) return unknown(none);
  if ("why" in named) return unknown(`${none}, and which image it names can't be told: ${named.why}`);
  const ofImage = await verificationOfImage(named, root);
  return ofImage ?? unknown(`the store ${root} has no build of the image ${named.id} that it names`);
}

/**
 * What the store says about an image; null: it has no build of it.
 *
 * @throws {StoreError} when part of the store can't be read
 */
export async function verificationOfImage(image: ImageDigests, root: string): Promise<Verification | null> {
  const { build, doubtful } = await findBuildOf(resolve(root), image);
  if (build !== null) return await verificationOfBuild(build);
  return doubtful === null ? null : unknown(doubtWords(image, doubtful.record, root));
}

/** Why it can't be told whether the store has a build of an image. */
function doubtWords({ id, config }: ImageDigests, { reference, engine }: BuildRecord, root: string): string {
  const [here, there] = config === null ? ["manifest", "configuration"] : ["configuration", "manifest"];
  return (
    `whether the store ${root} has a build of ${id} can't be told: the engine knows this image by the digest of its ` +
    `${here}, and ${reference} was built on an engine (${engine.id}) that knew it by the digest of its ${there}; use ` +
    "that engine, or promote <repository>@<digest> in a registry, which has both digests"
  );
}

/** What the image that a name stands for on the engine is known by. Null when it stands for none. */
async function namedOn(engine: Engine, name: string): Promise<ImageDigests | { why: string } | null> {
  try {
    parseReference(name);
    const facts = (await engine.inspect([name])).get(name) ?? null;
    return facts === null ? null : digestsOf(facts, await engine.identity());
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { why: error.message };
  }
}
