import * as pulumi from "@pulumi/pulumi";
import { imageFreshnessApplies } from "../provider/gate/rollout";
import { validatedRevision } from "../provider/git/revision";
import { layerFromName } from "../provider/inputs/layer";
import { PromotedImage } from "../provider/pulumi/promoted-image";
import { ReproducibleImage } from "../provider/pulumi/reproducible-image";
import { StagingHealth, StagingSlot, StagingVerdict } from "../provider/pulumi/staging-step";
import { CHECK_PROGRAM, checkEnvironment } from "../provider/staging/check-run";
import { OWNER_LABEL, RELEASE_LABEL } from "../provider/staging/release";
import { checkReleaseArgs, releaseSettings } from "./release-settings";
import type { StagedReleaseArgs } from "./staged-release-args";
import { commandPackage, dockerPackage, engineArgs } from "./staging-plugins";

/**
 * A release that is tried before it is promoted. The work tree's HEAD is the one anchor: the image is stamped with it
 * and judged by it. The image is built and verified, a staging container is made from its ID, has to become healthy,
 * and has to pass the check; then the same image ID is promoted. Anything red: nothing is promoted, staging goes back
 * to what ran before, and the update fails with the reason.
 *
 * Needs `@pulumi/docker` and `@pulumi/command`.
 *
 * @throws {InputError} naming everything that is wrong with the arguments
 * @throws {MissingPackageError} when one of the two packages is not installed
 */
export class StagedRelease extends pulumi.ComponentResource {
  readonly image: ReproducibleImage;
  /** The staging container, a `Container` of `@pulumi/docker`, which programs without a release don't have. */
  readonly container: pulumi.CustomResource;
  /** The promotion; its source is the image that the check was run against. */
  readonly production: PromotedImage;
  /** Image ID of what was released. */
  readonly imageId: pulumi.Output<string>;
  /** The anchor: the revision that was built, checked and promoted. Empty where the rollout is off. */
  readonly revision: pulumi.Output<string>;
  /** Where staging answers. */
  readonly stagingUrl: pulumi.Output<string>;

  constructor(name: string, args: StagedReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("verified-images:components:StagedRelease", name, {}, options);
    checkReleaseArgs(args);
    const docker = dockerPackage();
    const command = commandPackage();
    const within = { parent: this };
    const settings = releaseSettings(args);
    const { host } = args.image;

    const applies = args.rollout === undefined || imageFreshnessApplies(args.repository, args.rollout);
    const anchor = applies ? (args.revision ?? validatedRevision(args.worktree)) : undefined;
    this.revision = pulumi.output(anchor).apply((revision) => revision ?? "");

    this.image = new ReproducibleImage(
      `${name}-image`,
      { ...args.image, layer: args.image.layer ?? layerFromName(name), revision: anchor },
      within,
    );
    const gate = {
      expectedRevision: anchor,
      enabled: applies,
      root: args.image.requireVerified === true ? args.image.root : undefined,
    };

    const slot = new StagingSlot(
      `${name}-slot`,
      {
        ...settings,
        imageId: this.image.imageId,
        settings: pulumi
          .all([args.staging.env, args.check.inContainer, pulumi.output(gate), CHECK_PROGRAM])
          .apply(async (parts) => (await import("../provider/staging/settings.js")).settingsHash(parts)),
      },
      within,
    );
    const engine =
      host === undefined ? undefined : new docker.Provider(`${name}-engine`, engineArgs(host), within);
    this.container = new docker.Container(
      `${name}-staging`,
      {
        name: settings.name,
        image: this.image.imageId,
        // Made here, started when what ran before has been stopped: nothing is down before that.
        start: false,
        mustRun: false,
        ports: [{ internal: settings.containerPort, external: settings.port }],
        envs: pulumi
          .output(args.staging.env)
          .apply((env) => Object.entries(env ?? {}).map((pair) => pair.join("="))),
        labels: [
          { label: RELEASE_LABEL, value: slot.release },
          { label: OWNER_LABEL, value: slot.urn },
        ],
      },
      // The slot takes it away, when what comes after it has been judged.
      { ...within, provider: engine, dependsOn: slot, deleteBeforeReplace: true, retainOnDelete: true },
    );
    const base = pulumi.interpolate`http://127.0.0.1:${settings.port}`;
    this.stagingUrl = base;
    const release = {
      name: settings.name,
      containerId: this.container.id,
      imageId: this.image.imageId,
      release: slot.release,
      before: slot.before,
      host,
    };
    const health = new StagingHealth(
      `${name}-health`,
      { ...release, url: pulumi.concat(base, settings.healthPath), healthTimeout: settings.healthTimeout },
      within,
    );
    const check = new command.local.Command(
      `${name}-check`,
      {
        create: CHECK_PROGRAM,
        interpreter: ["node", "-e"],
        environment: pulumi
          .all([settings.checkCommand, args.check.inContainer, settings.checkTimeout, settings.name, base])
          .apply(([text, inContainer = false, seconds, container, url]) =>
            pulumi
              .all([this.image.imageId, this.revision, slot.release, host])
              .apply(([imageId, revision, signature, where]) =>
                checkEnvironment({
                  command: text,
                  inContainer,
                  seconds,
                  container,
                  url,
                  imageId,
                  revision,
                  release: signature,
                  host: where ?? null,
                }),
              ),
          ),
        triggers: [slot.release],
      },
      { ...within, dependsOn: health, additionalSecretOutputs: ["stdout", "stderr"] },
    );
    const verdict = new StagingVerdict(
      `${name}-verdict`,
      { ...release, ...gate, checkOutput: check.stdout },
      within,
    );
    this.production = new PromotedImage(
      `${name}-production`,
      { ...gate, source: verdict.imageId, targets: args.production.targets, host },
      within,
    );
    this.imageId = this.production.imageId;
    this.registerOutputs({ imageId: this.imageId, revision: this.revision, stagingUrl: this.stagingUrl });
  }
}
