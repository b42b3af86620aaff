import type * as pulumi from "@pulumi/pulumi";
import type { Rollout } from "../provider/gate/rollout";
import type { ReproducibleImageArgs } from "../provider/pulumi/reproducible-image";

/** Where and how a fresh image is tried. */
export interface StagingArgs {
  /** The container's name. What has it now is set aside, and comes back when the release goes red. */
  name: pulumi.Input<string>;
  /** Port on the engine's host. */
  port: pulumi.Input<number>;
  /** Port inside the container. Default: `port`. */
  containerPort?: pulumi.Input<number>;
  /** Path that has to answer with 200 to 399. Default `/`. */
  healthPath?: pulumi.Input<string>;
  /** Seconds in which it has to. Default 60. */
  healthTimeout?: pulumi.Input<number>;
  /** Environment of the container. */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** A compose profile instead of one container: not supported yet. */
  compose?: { file: pulumi.Input<string>; profile: pulumi.Input<string>; service: pulumi.Input<string> };
}

/** What decides whether staging is good. */
export interface StagingCheckArgs {
  /**
   * Text for `sh -c`; good is exit code 0. It sees STAGING_URL, STAGING_CONTAINER, STAGING_IMAGE_ID and
   * STAGING_REVISION.
   */
  command: pulumi.Input<string>;
  /** Run it inside the fresh container (`docker exec`) instead of beside it. Default false. */
  inContainer?: pulumi.Input<boolean>;
  /** Seconds in which it has to end. Default 600. */
  timeout?: pulumi.Input<number>;
  /** Over ssh: not supported yet. */
  ssh?: pulumi.Input<string>;
}

/** What a green release promotes, and what staging must keep its hands off. */
export interface ProductionArgs {
  /** References to tag. */
  targets: pulumi.Input<string[]>;
  /** Production's container: a name that staging must not have. */
  name?: pulumi.Input<string>;
  /** Production's port: one that staging must not have. */
  port?: pulumi.Input<number>;
}

/** Inputs of `StagedRelease`. */
export interface StagedReleaseArgs {
  /** The repository's name, as the rollout knows it, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD is what gets released. */
  worktree: string;
  /** The image to build: the inputs of `ReproducibleImage` less `revision`. */
  image: Omit<ReproducibleImageArgs, "revision">;
  staging: StagingArgs;
  check: StagingCheckArgs;
  production: ProductionArgs;
  /** Full git revision; default: HEAD of `worktree`. */
  revision?: pulumi.Input<string>;
  /** Where stamp and gate are on; default: here. Both are on, or both are off. */
  rollout?: Rollout;
}
