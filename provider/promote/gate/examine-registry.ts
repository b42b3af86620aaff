import { parseImageId } from "../../base/reference/digest";
import type { ImageId } from "../../base/reference/types";
import type { ImageFacts } from "../../engines/engine";
import type { ImageDigests } from "../../engines/image-digests";
import type { PromotionInputs } from "../inputs/promotion-inputs.generated";
import type { PlatformImage, Registry, RegistryImage } from "../../engines/registry/registry";
import type { Verification } from "../../store/verified-state";
import type { Judgement } from "./clause";
import { commitEvidence, verificationIn } from "./examine";
import { judge } from "./judge";
import { mergeJudgements } from "./judge";
import { readNamedBase } from "./named-base";
import { labelOriginInRegistry } from "./own-label";
import { SourceMissingError } from "./resolve-source";
import { revisionIn } from "../../base/revision/verdict";

/** An image in a registry, and the gate's judgement of it. */
export interface ExaminedInRegistry {
  image: RegistryImage;
  judgement: Judgement;
  /**
   * What the store says of the first platform that is not verified; of the first platform when all are. null: the store
   * was not asked.
   */
  verification: Verification | null;
}

/** Describes a platform's image in the form that engines give, so that the gate can judge it alike. */
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

/** All that a platform's image is known by. A registry has the digests of its configuration, its manifest and its index. */
export const digestsInRegistry = (one: PlatformImage, image: RegistryImage): ImageDigests => ({
  ...{ id: one.configDigest, config: one.configDigest },
  registry: [one.manifestDigest, image.digest],
});

/** Asks once for each text: the images of several platforms may name the same base. */
function onceEach<T>(ask: (text: string) => Promise<T>): (text: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (text) => {
    const answer = asked.get(text) ?? ask(text);
    asked.set(text, answer);
    return answer;
  };
}

/**
 * Resolves a source in a registry to a digest, and judges the image of each of its platforms. Preview and update both use
 * this; the update does it again right before it moves tags.
 *
 * @throws {SourceMissingError} when the registry has no such image
 * @throws when the source can't be read
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
      const digests = digestsInRegistry(one, image);
      const label = revisionIn(one.labels);
      const [verification, origin] = await Promise.all([
        demanded ? verificationIn(root, digests) : null,
        enabled && label !== ""
          ? labelOriginInRegistry(one, digests, root, () => readNamedBase(once, one, image))
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

/** The image ID of an image in a registry: the digest of its configuration, or of the index if it is one. */
export function imageIdOf(image: RegistryImage): ImageId {
  const [only] = image.images;
  return parseImageId(image.isIndex || only === undefined ? image.digest : only.configDigest);
}
