import * as pulumi from "@pulumi/pulumi";
import { CONCURRENCY_KEY } from "../../inputs/concurrency";
import type { ImageInputs } from "../../inputs/image-inputs.generated";
import type { Sighting } from "../../base/git/still";
import { nameFromResource } from "../../inputs/name";
import type { Drift, LockedBase, Unpinned } from "../../packages/lock/types";
import type { ImageOutputs } from "../../build/roundtrip/image-outputs";
import type { VerifiedState } from "../../store/verified-state";
import { ignoredInputs } from "../host/ignored-inputs";
import type { SecretKind } from "../../inputs/secret-inputs";
import { resourceUrn } from "../host/resource-urn";
import { imageStub } from "../host/stubs";
import { warnOutOfReach } from "../host/within-reach";
import { secretArgs } from "./secret-args";

/** Inputs of {@link ReproducibleImage}: those of `buildReproducible`, any of them possibly an output. */
export type ReproducibleImageArgs = {
  /**
   * Name of the artifact and of its image, such as `web-app`.
   * @defaultValue the resource's name in lower case, with `-` for other characters
   */
  name?: pulumi.Input<string>;
  /** The work tree when `revision` was read from it. `stamp` of `releaseAnchor` has it. @defaultValue none */
  readFrom?: pulumi.Input<Sighting | undefined>;
} & {
  [Name in keyof Omit<ImageInputs, "name" | SecretKind>]: pulumi.Input<Required<ImageInputs>[Name]>;
} & {
  [Name in keyof Pick<ImageInputs, SecretKind>]: pulumi.Input<Record<string, pulumi.Input<string>>>;
};

/** What a resource makes of outputs: each comes once it is known. */
type OutputsOf<Values> = { readonly [Name in keyof Values]: pulumi.Output<Values[Name]> };

const [NAMESPACE = "", KEY = ""] = CONCURRENCY_KEY.split(":");
const TYPE = "ReproducibleImage";

/**
 * An image that is built from a loose recipe, locked to what really got installed, rebuilt from the lock and
 * compared. `verified` says what came of it; drift is a warning, or with `requireVerified` an error.
 */
export class ReproducibleImage extends pulumi.dynamic.Resource implements OutputsOf<ImageOutputs> {
  // Described where they are declared, in ImageOutputs.
  declare readonly imageId: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string | null>;
  declare readonly reference: pulumi.Output<string>;
  declare readonly timestamp: pulumi.Output<string>;
  declare readonly recipeHash: pulumi.Output<string>;
  declare readonly contextHash: pulumi.Output<string>;
  declare readonly lockHash: pulumi.Output<string>;
  declare readonly lockFile: pulumi.Output<string>;
  declare readonly lockedRecipe: pulumi.Output<string>;
  declare readonly buildLog: pulumi.Output<string>;
  declare readonly baseImages: pulumi.Output<LockedBase[]>;
  declare readonly packages: pulumi.Output<Record<string, number>>;
  declare readonly unpinned: pulumi.Output<Unpinned[]>;
  declare readonly notCaptured: pulumi.Output<string[]>;
  declare readonly verified: pulumi.Output<VerifiedState>;
  declare readonly proof: pulumi.Output<ImageOutputs["proof"]>;
  declare readonly drift: pulumi.Output<Drift>;
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
      notCaptured: undefined,
      verified: undefined,
      proof: undefined,
      drift: undefined,
      reason: undefined,
      revision: undefined,
    };
    const inputs = {
      ...outputs,
      ...args,
      name: args.name ?? nameFromResource(name),
      resourceUrn: resourceUrn(name, TYPE, options),
      ignored: ignoredInputs(options?.ignoreChanges),
      secretInputs: pulumi.output(secretArgs(args)),
      // The engine tells a dynamic provider nothing of the stack's configuration, unless its text changes.
      stackConcurrency: new pulumi.Config(NAMESPACE).get(KEY),
    };
    warnOutOfReach();
    super(imageStub, name, inputs, options, "verified-images", TYPE);
  }
}
