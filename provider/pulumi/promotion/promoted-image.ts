import * as pulumi from "@pulumi/pulumi";
import type { Override } from "../../promote/gate/clause";
import type { PromotionInputs } from "../../promote/inputs/promotion-inputs.generated";
import type { VerifiedState } from "../../store/verified-state";
import { ignoredInputs } from "../host/ignored-inputs";
import { resourceUrn } from "../host/resource-urn";
import { promotionStub } from "../host/stubs";
import { warnOutOfReach } from "../host/within-reach";

/** Inputs of {@link PromotedImage}, any of them possibly an output. */
export type PromotedImageArgs = {
  [Name in keyof PromotionInputs]: pulumi.Input<Required<PromotionInputs>[Name]>;
};

const TYPE = "PromotedImage";

/**
 * An image that is tagged for production, because its `org.opencontainers.image.revision` label equals the
 * validated git revision. Judged in preview, and again by image ID in the moment before tagging; any doubt
 * means no. Never builds, never pulls; an image of the engine is pushed where a target is in a registry.
 */
export class PromotedImage extends pulumi.dynamic.Resource {
  /** The ID of the image that the targets point to. For an index in a registry it is the digest of the index. */
  declare readonly imageId: pulumi.Output<string>;
  /** Digest of the promoted manifest or index, where a registry is involved; else `null`. */
  declare readonly digest: pulumi.Output<string | null>;
  /** The image's own revision label. */
  declare readonly revision: pulumi.Output<string | null>;
  /** What the store says of the image; `unknown` when it was not asked. */
  declare readonly verified: pulumi.Output<VerifiedState>;
  /** The targets as Docker prints them, with their tags; in a registry with its host. */
  declare readonly targets: pulumi.Output<string[]>;
  /** What each target named before: an image ID, in a registry a digest, or `null`. */
  declare readonly previous: pulumi.Output<Record<string, string | null>>;
  /** When it was promoted: RFC 3339, UTC. */
  declare readonly promotedAt: pulumi.Output<string>;
  /** What the gate said: `provenance match: <12 digits>`, or `image-freshness disabled`. */
  declare readonly verdict: pulumi.Output<string>;
  /** `{reason, refused}` when it passed by an `overrideReason`; else `null`. */
  declare readonly override: pulumi.Output<Override | null>;

  constructor(name: string, args: PromotedImageArgs, options?: pulumi.CustomResourceOptions) {
    const outputs = {
      imageId: undefined,
      digest: undefined,
      revision: undefined,
      verified: undefined,
      previous: undefined,
      promotedAt: undefined,
      verdict: undefined,
      override: undefined,
    };
    const inputs = {
      ...outputs,
      ...args,
      resourceUrn: resourceUrn(name, TYPE, options),
      ignored: ignoredInputs(options?.ignoreChanges),
    };
    warnOutOfReach();
    // A replacement that somebody forces must not tag first and then take the very same tags away.
    const ordered = { deleteBeforeReplace: true, ...options };
    super(promotionStub, name, inputs, ordered, "verified-images", TYPE);
  }
}
