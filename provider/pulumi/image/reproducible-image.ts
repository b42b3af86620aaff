import * as pulumi from "@pulumi/pulumi";
import { CONCURRENCY_KEY } from "../../inputs/concurrency";
import type { ImageInputs } from "../../inputs/image-inputs";
import { nameFromResource } from "../../inputs/name";
import type { Drift, LockedBase, Unpinned } from "../../packages/lock/types";
import type { VerifiedState } from "../../store/verification";
import { resourceUrn } from "../host/resource-urn";
import { imageStub } from "../host/stubs";
import { warnOutOfReach } from "../host/within-reach";

/** Inputs of {@link ReproducibleImage}: those of `buildReproducible`, any of them possibly an output. */
export type ReproducibleImageArgs = {
  [Name in keyof Omit<ImageInputs, "name">]: pulumi.Input<Required<ImageInputs>[Name]>;
} & {
  /** Artifact name. Default: the resource's name, lower-cased, other characters to `-`. */
  name?: pulumi.Input<string>;
};

const [NAMESPACE = "", KEY = ""] = CONCURRENCY_KEY.split(":");
const TYPE = "ReproducibleImage";

/**
 * An image that is built from a loose recipe, locked to what really got installed, rebuilt from the lock and
 * compared. `verified` says what came of it; drift is a warning, or with `requireVerified` an error.
 */
export class ReproducibleImage extends pulumi.dynamic.Resource {
  /** Image ID: `sha256:` and 64 hex digits. */
  declare readonly imageId: pulumi.Output<string>;
  /** Registry digest; null unless pushed. */
  declare readonly digest: pulumi.Output<string | null>;
  /** `<name>:<timestamp>`. */
  declare readonly reference: pulumi.Output<string>;
  /** UTC, `YYYYMMDDTHHMMSSmmmZ`. */
  declare readonly timestamp: pulumi.Output<string>;
  declare readonly recipeHash: pulumi.Output<string>;
  declare readonly contextHash: pulumi.Output<string>;
  declare readonly lockHash: pulumi.Output<string>;
  declare readonly lockFile: pulumi.Output<string>;
  declare readonly lockedRecipe: pulumi.Output<string>;
  declare readonly buildLog: pulumi.Output<string>;
  declare readonly baseImages: pulumi.Output<LockedBase[]>;
  /** Ecosystem -> number of packages; absent ones are left out. */
  declare readonly packages: pulumi.Output<Record<string, number>>;
  declare readonly unpinned: pulumi.Output<Unpinned[]>;
  declare readonly verified: pulumi.Output<VerifiedState>;
  declare readonly drift: pulumi.Output<Drift>;
  /** A sentence when not verified, else null. */
  declare readonly reason: pulumi.Output<string | null>;
  declare readonly revision: pulumi.Output<string | null>;

  constructor(name: string, args: ReproducibleImageArgs, options?: pulumi.CustomResourceOptions) {
    const outputs = {
      imageId: undefined,
      digest: undefined,
      reference: undefined,
      timestamp: undefined,
      recipeHash: undefined,
      contextHash: undefined,
      lockHash: undefined,
      lockFile: undefined,
      lockedRecipe: undefined,
      buildLog: undefined,
      baseImages: undefined,
      packages: undefined,
      unpinned: undefined,
      verified: undefined,
      drift: undefined,
      reason: undefined,
      revision: undefined,
    };
    const inputs = {
      ...outputs,
      ...args,
      name: args.name ?? nameFromResource(name),
      resourceUrn: resourceUrn(name, TYPE, options),
      // The engine tells a dynamic provider nothing of the stack's configuration, unless its text changes.
      stackConcurrency: new pulumi.Config(NAMESPACE).get(KEY),
    };
    warnOutOfReach();
    super(imageStub, name, inputs, options, "verified-images", TYPE);
  }
}
