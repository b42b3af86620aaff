import * as pulumi from "@pulumi/pulumi";
import { GIT_SECONDS } from "../provider/base/git/git";
import { sightingOf, type Sighting } from "../provider/base/git/still";
import { nameFromResource } from "../provider/inputs/name";
import { PromotedImage } from "../provider/pulumi/promotion/promoted-image";
import { ReproducibleImage } from "../provider/pulumi/image/reproducible-image";
import { StagingHealth, StagingSlot, StagingVerdict } from "../provider/pulumi/staging/staging-step";
import { CHECK_VERSION } from "../provider/stage/check-run";
import { releaseSettings } from "../provider/stage/inputs/release-settings";
import { rolloutApplies } from "../provider/promote/gate/rollout-applies";
import { rolloutOf } from "./release-anchor";
import { checkReleaseArgs } from "./release-settings";
import type { StagedReleaseArgs } from "./staged-release-args";
import { connectAnew, reachCheckHost, stagingCheck } from "./staging-check";
import { makeByCompose, makeContainer } from "./staging-container";
import { commandPackage, dockerPackage } from "./staging-plugins";
import { warnOfUncommitted } from "./uncommitted";

/**
 * A release that is tried on staging before it is promoted. The image is stamped with the revision of the work tree's HEAD,
 * and the gate expects the same revision. The image is built and verified, a staging container is made from its ID, and
 * that container has to become healthy and pass the check. Then the same image ID is promoted. If anything is red, nothing
 * is promoted, staging is put back to what ran before, and the update fails with the reason.
 *
 * Needs `@pulumi/command`, and `@pulumi/docker` unless the container is made in a compose service.
 *
 * @throws {InputError} naming everything that is wrong with the arguments
 * @throws {MissingPackageError} when one of the two packages is not installed
 */
export class StagedRelease extends pulumi.ComponentResource {
  /** The image that was built. */
  readonly image: ReproducibleImage;
  /**
   * The resource that makes the staging container: a `Container` of `@pulumi/docker`, or with compose a resource of this
   * package. The type is general, because not every program has `@pulumi/docker` installed.
   */
  readonly container: pulumi.CustomResource;
  /** The promotion. Its source is the image that was checked. */
  readonly production: PromotedImage;
  /** ID of the released image. */
  readonly imageId: pulumi.Output<string>;
  /** The revision that was built, checked and promoted. Empty if the rollout is off. */
  readonly revision: pulumi.Output<string>;
  /** URL at which staging is reached. */
  readonly stagingUrl: pulumi.Output<string>;

  constructor(name: string, args: StagedReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super("verified-images:components:StagedRelease", name, {}, options);
    checkReleaseArgs(args);
    commandPackage();
    if (args.staging.compose === undefined) dockerPackage();
    const within = { parent: this };
    const settings = releaseSettings(args);
    const { host, timeouts } = args.image;

    // A rollout that can't be read throws right here. Whether it applies may take a question to git.
    const rollout = rolloutOf(args.rollout);
    const gitSeconds = pulumi.output(timeouts).apply((limits) => limits?.git);
    const applies = gitSeconds.apply((seconds) => rolloutApplies(args.repository, rollout, seconds));
    // A look at the work tree, if the revision is read from it. The same is asked again after the build.
    const readFrom = pulumi
      .all([applies, gitSeconds])
      .apply(async ([on, seconds = GIT_SECONDS]): Promise<Sighting | null> =>
        on && args.revision === undefined ? await sightingOf(args.worktree, seconds) : null,
      );
    const anchor = applies.apply((on): pulumi.Output<string | undefined> => {
      if (!on) return pulumi.output<string | undefined>(undefined);
      return pulumi.output<string | undefined>(args.revision ?? readFrom.apply((read) => read?.head ?? ""));
    });
    this.revision = anchor.apply((revision) => revision ?? "");
    const { worktree } = args;
    warnOfUncommitted(
      pulumi.all([anchor, gitSeconds]).apply(([revision, seconds]) => ({ worktree, revision, seconds })),
      this,
    );

    this.image = new ReproducibleImage(
      `${name}-image`,
      {
        ...args.image,
        name: args.image.name ?? nameFromResource(name),
        // An Output of undefined counts as an argument that was left out.
        revision: anchor as pulumi.Output<string>,
        readFrom: readFrom.apply((read) => read ?? undefined),
      },
      within,
    );
    const gate = {
      expectedRevision: anchor as pulumi.Output<string>,
      enabled: applies,
      // The store's record proves that the revision was stamped on this image and not inherited.
      root: args.image.root,
      requireVerified: pulumi.output(args.image.requireVerified).apply((required) => required === true),
    };

    // Only settings that the user can change and that are the same on every machine. The slot compares the others itself.
    const { expectedRevision, enabled, requireVerified } = gate;
    const asked = pulumi.output({ expectedRevision, enabled, requireVerified });
    const releaseHash = pulumi
      .all([args.staging.env, args.check.inContainer, asked, CHECK_VERSION])
      .apply(async (parts) => (await import("../provider/stage/settings.js")).settingsHash(parts));
    // Comes before staging is touched: if the check's host can't be reached, nothing is tried.
    const reached = reachCheckHost(
      `${name}-reach`,
      args.check.ssh,
      [this.image.imageId, releaseHash, connectAnew(settings)],
      within,
    );
    const slot = new StagingSlot(
      `${name}-slot`,
      {
        ...settings,
        imageId: this.image.imageId,
        timeouts,
        settings: releaseHash,
        env: args.staging.compose === undefined ? args.staging.env : undefined,
      },
      { ...within, dependsOn: reached },
    );
    const made =
      settings.compose === undefined
        ? makeContainer(name, args, settings, slot, this.image.imageId, within)
        : makeByCompose(name, args, settings, slot, this.image.imageId, within);
    this.container = made.resource;
    const base = pulumi
      .all([host, settings.address, settings.port, pulumi.output(timeouts)])
      .apply(async ([engineHost, address, port, limits]) =>
        (await import("../provider/stage/address.js")).releaseBase(
          engineHost,
          address,
          port,
          limits?.inspect,
        ),
      );
    this.stagingUrl = base;
    const release = {
      name: settings.name,
      containerId: made.containerId,
      imageId: this.image.imageId,
      release: slot.release,
      before: slot.before,
      host,
      timeouts,
    };
    const health = new StagingHealth(
      `${name}-health`,
      { ...release, url: pulumi.concat(base, settings.healthPath), healthTimeout: settings.healthTimeout },
      within,
    );
    const run = pulumi
      .all([settings.checkCommand, args.check.inContainer, settings.checkTimeout, settings.name, base])
      .apply(([text, inContainer = false, seconds, container, url]) =>
        pulumi
          .all([this.image.imageId, this.revision, slot.release, host])
          .apply(([imageId, revision, signature, where]) => ({
            command: text,
            inContainer,
            seconds,
            container,
            url,
            imageId,
            revision,
            release: signature,
            host: where ?? null,
          })),
      );
    const check = stagingCheck(
      `${name}-check`,
      { run, ssh: args.check.ssh, release: slot.release },
      { ...within, dependsOn: health },
    );
    const verdict = new StagingVerdict(
      `${name}-verdict`,
      { ...release, ...gate, checkOutput: check.stdout },
      within,
    );
    this.production = new PromotedImage(
      `${name}-production`,
      {
        ...gate,
        source: verdict.imageId,
        targets: args.production.targets,
        host,
        timeouts,
      },
      within,
    );
    this.imageId = this.production.imageId;
    this.registerOutputs({ imageId: this.imageId, revision: this.revision, stagingUrl: this.stagingUrl });
  }
}
