import * as pulumi from "@pulumi/pulumi";
import type { releaseSettings } from "../provider/stage/inputs/release-settings";
import { StagingCompose, type StagingSlot } from "../provider/pulumi/staging/staging-step";
import { OWNER_LABEL, RELEASE_LABEL } from "../provider/stage/release";
import type { StagedReleaseArgs } from "./staged-release-args";
import { dockerPackage, engineArgs } from "./staging-plugins";

/** A staging container that was made but not started. */
export interface MadeContainer {
  resource: pulumi.CustomResource;
  containerId: pulumi.Output<string>;
}

type Settings = ReturnType<typeof releaseSettings>;

/**
 * Makes the staging container with `@pulumi/docker`.
 *
 * @throws {MissingPackageError} when that is not installed
 */
export function makeContainer(
  name: string,
  { image, staging }: StagedReleaseArgs,
  settings: Settings,
  slot: StagingSlot,
  imageId: pulumi.Output<string>,
  within: pulumi.CustomResourceOptions,
): MadeContainer {
  const docker = dockerPackage();
  const { host } = image;
  const inspectSeconds = pulumi.output(image.timeouts).apply((limits) => limits?.inspect);
  const engine =
    host === undefined
      ? undefined
      : new docker.Provider(`${name}-engine`, engineArgs(host, inspectSeconds), within);
  const resource = new docker.Container(
    `${name}-staging`,
    {
      name: settings.name,
      image: imageId,
      // Only made here. It is started later, when what ran before has been stopped, so that staging goes on serving.
      start: false,
      mustRun: false,
      ports: [{ internal: settings.containerPort ?? settings.port, external: settings.port }],
      envs: pulumi
        .output(staging.env)
        .apply((env) => Object.entries(env ?? {}).map((pair) => pair.join("="))),
      labels: [
        { label: RELEASE_LABEL, value: slot.release },
        { label: OWNER_LABEL, value: slot.urn },
      ],
    },
    // The slot removes it, once the next release has been judged.
    { ...within, provider: engine, dependsOn: slot, deleteBeforeReplace: true, retainOnDelete: true },
  );
  return { resource, containerId: resource.id };
}

/** Makes the container in a compose service, with a resource of ours, which puts back what ran before when it fails. */
export function makeByCompose(
  name: string,
  { image, staging }: StagedReleaseArgs,
  settings: Settings,
  slot: StagingSlot,
  imageId: pulumi.Output<string>,
  within: pulumi.CustomResourceOptions,
): MadeContainer {
  const resource = new StagingCompose(
    `${name}-staging`,
    {
      name: settings.name,
      port: settings.port,
      containerPort: settings.containerPort,
      production: settings.production,
      compose: settings.compose,
      host: settings.host,
      timeouts: image.timeouts,
      env: staging.env,
      imageId,
      release: slot.release,
      before: slot.before,
      owner: slot.urn,
    },
    within,
  );
  return { resource, containerId: resource.containerId };
}
