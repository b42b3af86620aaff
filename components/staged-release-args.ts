import type * as pulumi from "@pulumi/pulumi";
import type { Rollout } from "../provider/promote/gate/rollout";
import type { ReproducibleImageArgs } from "../provider/pulumi/image/reproducible-image";

/** Where and how a fresh image is tried. */
export interface StagingArgs {
  /** The container's name, with compose too. What has it now is set aside, and comes back when the release goes red. */
  name: pulumi.Input<string>;
  /** Port on the engine's host; with compose, one that the service publishes. */
  port: pulumi.Input<number>;
  /** Port inside the container. @defaultValue `port`; with compose, what the file says */
  containerPort?: pulumi.Input<number>;
  /**
   * Host name or address at which `port` can be reached from here.
   * @defaultValue the host that the engine's endpoint names (for `ssh://` the host name that your ssh configuration has
   *   for it), or 127.0.0.1 where the engine is on this host
   */
  address?: pulumi.Input<string>;
  /** Path that has to answer with 200 to 399. @defaultValue `/` */
  healthPath?: pulumi.Input<string>;
  /** Seconds in which `healthPath` has to answer. @defaultValue `60` */
  healthTimeout?: pulumi.Input<number>;
  /** Environment of the container; with compose, beside what the file gives it. @defaultValue none */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** A service of a compose file instead of a container of its own. @defaultValue none */
  compose?: StagingComposeArgs;
}

/** The service of a compose file in which a release is tried; the plugin `docker compose` (v2) does it. */
export interface StagingComposeArgs {
  /** Path of the compose file, relative to the program. */
  file: pulumi.Input<string>;
  /** The profile that the service is in. */
  profile: pulumi.Input<string>;
  /** The service that the release runs in. */
  service: pulumi.Input<string>;
  /** The compose project's name. @defaultValue `name:` in the file, else the name of its folder */
  project?: pulumi.Input<string>;
  /**
   * Where the engine's host has `worktree`, when that is another path than the program's: in a container that has the
   * repository mounted, or for an engine on another host. The paths of the service's bind mounts, secrets and configs
   * follow.
   * @defaultValue the same path
   */
  worktreeOnHost?: pulumi.Input<string>;
}

/** What decides whether staging is good. */
export interface StagingCheckArgs {
  /**
   * Text for `sh -c`; good is exit code 0. It sees STAGING_URL, STAGING_CONTAINER, STAGING_IMAGE_ID and
   * STAGING_REVISION.
   */
  command: pulumi.Input<string>;
  /** Run it inside the fresh container (`docker exec`) instead of beside it. @defaultValue `false` */
  inContainer?: pulumi.Input<boolean>;
  /** Seconds in which it has to end. @defaultValue `600` */
  timeout?: pulumi.Input<number>;
  /**
   * Run it on another host, in its POSIX shell: a destination for the user's own ssh client (`host`, `user@host`,
   * `ssh://user@host:port`), with its configuration, keys and known_hosts; or a connection of `@pulumi/command`'s own
   * client, which reads none of these.
   * @defaultValue here
   */
  ssh?: pulumi.Input<string> | CheckConnection;
}

/** One hop of a connection as `remote.Command` of `@pulumi/command` takes it; its documentation has the defaults. */
export interface CheckHop {
  /** Host name or address. */
  host: pulumi.Input<string>;
  /**
   * The host's public key, as a line of known_hosts has it after the names: `ssh-ed25519 AAAA...`. Required: without
   * it that client takes any host for the right one.
   */
  hostKey: pulumi.Input<string>;
  /** The account to log in with. */
  user?: pulumi.Input<string>;
  /** The port of the ssh server. */
  port?: pulumi.Input<number>;
  /** Text of the private key. A secret in the state. */
  privateKey?: pulumi.Input<string>;
  /** Passphrase of the private key. A secret in the state. */
  privateKeyPassword?: pulumi.Input<string>;
  /** Password of the account. A secret in the state. */
  password?: pulumi.Input<string>;
  /** Path of the ssh agent's socket. */
  agentSocketPath?: pulumi.Input<string>;
  /** How often a connection is tried. */
  dialErrorLimit?: pulumi.Input<number>;
  /** Seconds for one try. */
  perDialTimeout?: pulumi.Input<number>;
}

/** A connection of `@pulumi/command`, whose client reads nothing of the user's ssh configuration. */
export interface CheckConnection extends CheckHop {
  /** A host to go through, described as this one is; its `hostKey` is required too. */
  proxy?: CheckHop;
}

/** What a green release promotes, and what staging must keep its hands off. */
export interface ProductionArgs {
  /** References to tag. */
  targets: pulumi.Input<string[]>;
  /** Production's container: a name that staging must not have. @defaultValue none */
  name?: pulumi.Input<string>;
  /** Production's port: one that staging must not have. @defaultValue none */
  port?: pulumi.Input<number>;
}

/** Inputs of `StagedRelease`. */
export interface StagedReleaseArgs {
  /** The repository's name, as the rollout knows it, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD is what gets released. */
  worktree: string;
  /** The image to build: the inputs of `ReproducibleImage` less `revision`. With `requireVerified` the promotion demands it too. */
  image: Omit<ReproducibleImageArgs, "revision">;
  /** Where and how the fresh image is tried. */
  staging: StagingArgs;
  /** What decides whether staging is good. */
  check: StagingCheckArgs;
  /** What a green release promotes, and what staging must leave alone. */
  production: ProductionArgs;
  /** Full git revision. @defaultValue HEAD of `worktree` */
  revision?: pulumi.Input<string>;
  /**
   * `{enabled, repositories, selfRepository}`: where stamp and gate are on. Both are on, or both are off.
   * @defaultValue the stack's configuration (`verified-images:enabled`, `verified-images:repositories`); without any, on
   */
  rollout?: Rollout;
}
