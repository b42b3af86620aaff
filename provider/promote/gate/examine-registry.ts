import { parseImageId } from "../../base/reference/digest";
import type { Digest, ImageId } from "../../base/reference/types";
import { resolve } from "node:path";
import type { ImageFacts } from "../../engines/engine";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { PromotionInputs } from "../inputs/promotion-inputs.generated";
import type { PlatformImage, Registry, RegistryImage } from "../../engines/registry/registry";
import { findBuild } from "../../store/find-image";
import type { Verification } from "../../store/verified-state";
import type { Judgement } from "./clause";
import { commitEvidence, verificationIn } from "./examine";
import { judge } from "./judge";
import { mergeJudgements } from "./judge";
import { readNamedBase } from "./named-base";
import { labelOriginInRegistry } from "./own-label";
import { SourceMissingError } from "./resolve-source";
import { revisionIn } from "../../base/revision/verdict";

/** An image in a registry that was looked at, and what the gate says of it. */
export interface ExaminedInRegistry {
  image: RegistryImage;
  judgement: Judgement;
  /** What the store says: of the first platform that is not verified, if any; null when it was not asked. */
  verification: Verification | null;
}

/** A platform's image as the gate knows images of an engine. */
function factsOf({ configDigest, labels, platform }: PlatformImage, image: RegistryImage): ImageFacts {
  const [os = "", architecture = ""] = platform.split("/");
  const repoDigests = [`${image.repository}@${image.digest}`];
  return {
    id: parseImageId(configDigest),
    labels,
    tags: [],
    repoDigests,
    user: "",
    os,
    architecture,
    created: "",
  };
}

/**
 * The ID that a store has a platform's image by. That depends on the engine which built it: the configuration's digest, or
 * with the containerd store that of the manifest, or of the index which the image came in.
 */
async function storeIdOf(one: PlatformImage, image: RegistryImage, root: string): Promise<Digest> {
  for (const id of new Set([one.configDigest, one.manifestDigest, image.digest])) {
    try {
      if ((await findBuild(resolve(root), id)) !== null) return id;
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      // Who asks the store for the image says that it can't be read.
      break;
    }
  }
  return one.configDigest;
}

/** Asks once for each text: the images of several platforms may name one base. */
function onceEach<T>(ask: (text: string) => Promise<T>): (text: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (text) => {
    const answer = asked.get(text) ?? ask(text);
    asked.set(text, answer);
    return answer;
  };
}

/**
 * Resolves a source in a registry to a digest, and judges the image of each of its platforms. The same in preview and
 * in the moment before tagging.
 *
 * @throws when the source is missing or can't be read: nothing that can't be read counts as yes
 */
export async function examineInRegistry(
  registry: Registry,
  inputs: Omit<PromotionInputs, "targets">,
  source: string = inputs.source,
): Promise<ExaminedInRegistry> {
  const image = await registry.describe(source);
  if (image === null) throw new SourceMissingError(source, true);
  const root = inputs.root ?? null;
  const demanded = root !== null && (inputs.requireVerified ?? true);
  const enabled = inputs.enabled ?? true;
  const commit = enabled ? await commitEvidence(inputs) : null;
  const once = { describe: onceEach((reference: string) => registry.describe(reference)) };
  const each = await Promise.all(
    image.images.map(async (one) => {
      const imageId = root === null ? one.configDigest : await storeIdOf(one, image, root);
      const label = revisionIn(one.labels);
      const [verification, origin] = await Promise.all([
        demanded ? verificationIn(root, imageId) : null,
        enabled && label !== ""
          ? labelOriginInRegistry(one, imageId, root, () => readNamedBase(once, one, image))
          : null,
      ]);
      const judgement = judge({
        image: factsOf(one, image),
        expectedRevision: inputs.expectedRevision ?? null,
        enabled,
        verification,
        origin,
        commit,
      });
      return { platform: one.platform, judgement, verification };
    }),
  );
  const worst = each.find(({ verification }) => verification?.state !== "verified") ?? each[0];
  return { image, judgement: mergeJudgements(each), verification: worst?.verification ?? null };
}

/** What stands for an image of a registry as image ID: its configuration's digest, or the digest of an index. */
export function imageIdOf(image: RegistryImage): ImageId {
  const [only] = image.images;
  return parseImageId(image.isIndex || only === undefined ? image.digest : only.configDigest);
}
