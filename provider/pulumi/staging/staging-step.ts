import * as pulumi from "@pulumi/pulumi";
import { resourceUrn } from "../host/resource-urn";
import { stagingStub } from "../host/stubs";

/** One step of a staged release. `StagedRelease` makes it; it is not for use on its own. */
class StagingStep extends pulumi.dynamic.Resource {
  constructor(
    type: string,
    phase: string,
    name: string,
    properties: Record<string, unknown>,
    options: pulumi.CustomResourceOptions,
  ) {
    const inputs = { ...properties, phase, resourceUrn: resourceUrn(name, type, options) };
    super(stagingStub, name, inputs, options, "verified-images", type);
  }
}

/** Frees the staging name for a new release, and refuses what is production's. */
export class StagingSlot extends StagingStep {
  /** The release's own name. */
  declare readonly release: pulumi.Output<string>;
  /** What was set aside for it. */
  declare readonly before: pulumi.Output<{ id: string; name: string; running: boolean }[]>;

  constructor(name: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super("StagingSlot", "slot", name, { release: undefined, before: undefined, ...inputs }, options);
  }
}

/** Makes the new container in a compose service, without starting it. */
export class StagingCompose extends StagingStep {
  declare readonly containerId: pulumi.Output<string>;

  constructor(name: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super("StagingCompose", "compose", name, { containerId: undefined, ...inputs }, options);
  }
}

/** Stops what ran before, starts the new container, and waits until it is healthy. */
export class StagingHealth extends StagingStep {
  /** Seconds from the start of the container to its first healthy answer. */
  declare readonly healthyAfter: pulumi.Output<number>;
  declare readonly containerId: pulumi.Output<string>;

  constructor(name: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super("StagingHealth", "health", name, { healthyAfter: undefined, ...inputs }, options);
  }
}

/** Judges a release by its check and the gate. If it is red, staging is put back. */
export class StagingVerdict extends StagingStep {
  /** ID of the image that was judged and may be promoted. */
  declare readonly imageId: pulumi.Output<string>;

  constructor(name: string, inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super("StagingVerdict", "verdict", name, inputs, options);
  }
}
