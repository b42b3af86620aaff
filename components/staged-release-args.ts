import type * as pulumi from "@pulumi/pulumi";
import type { Rollout } from "../provider/promote/gate/rollout";
import type { ReproducibleImageArgs } from "../provider/pulumi/image/reproducible-image";

/** Where and how a new image is tried. */
export interface StagingArgs {
  /** The container's name, also with compose. A container that has it now is set aside, and put back when the release is red. */
  name: pulumi.Input<string>;
  /** Port on the engine's host; with compose, a port that the service publishes. */
  port: pulumi.Input<number>;
  /** Port inside the container. @defaultValue `port`; with compose, the port in the file */
  containerPort?: pulumi.Input<number>;
  /**
   * Host name or address at which `port` is reached from here.
   * @defaultValue the host in the engine's endpoint (for `ssh://`, the host name that your ssh configuration gives), or
   *   127.0.0.1 if the engine is on this host
   */
  address?: pulumi.Input<string>;
  /** Path that has to answer with 200 to 399. @defaultValue `/` */
  healthPath?: pulumi.Input<string>;
  /** Seconds within which `healthPath` has to answer so. @defaultValue `60` */
  healthTimeout?: pulumi.Input<number>;
  /** Environment of the container; with compose, in addition to that of the file. @defaultValue none */
  env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Makes the container in a service of a compose file. @defaultValue none */
  compose?: StagingComposeArgs;
}

/** The compose service in which a release is tried. Needs the plugin `docker compose` (v2). */
export interface StagingComposeArgs {
  /** Path of the compose file, relative to the program. */
  file: pulumi.Input<string>;
  /** The profile that the service is in. */
  profile: pulumi.Input<string>;
  /** The service that the release runs in. */
  service: pulumi.Input<string>;
  /** The compose project's name. @defaultValue `name:` in the file, or else the name of its folder */
  project?: pulumi.Input<string>;
  /**
   * Path of `worktree` on the engine's host, if the program sees it at another path: because the program runs in a
   * container, or the engine is on another host. The paths of the service's bind mounts, secrets and configs are changed
   * accordingly.
   * @defaultValue the same path
   */
  worktreeOnHost?: pulumi.Input<string>;
}

/** The command that decides whether staging is good. */
export interface StagingCheckArgs {
  /**
   * Text for `sh -c`; exit code 0 is green. It gets the variables STAGING_URL, STAGING_CONTAINER, STAGING_IMAGE_ID and
   * STAGING_REVISION.
   */
  command: pulumi.Input<string>;
  /** `true`: run it inside the new container (`docker exec`). @defaultValue `false` */
  inContainer?: pulumi.Input<boolean>;
  /** Seconds within which it has to end. @defaultValue `600` */
  timeout?: pulumi.Input<number>;
  /**
   * Run it on another host, in its POSIX shell. Either a destination for your own ssh client (`host`, `user@host`,
   * `ssh://user@host:port`), which uses your ssh configuration, keys and known_hosts; or a connection of
   * `@pulumi/command`, which uses none of these.
   * @defaultValue here
   */
  ssh?: pulumi.Input<string> | CheckConnection;
}

/** One hop of a connection, as `remote.Command` of `@pulumi/command` takes it; its documentation has the defaults. */
export interface CheckHop {
  /** Host name or address. */
  host: pulumi.Input<string>;
  /**
   * The host's public key, as in a line of known_hosts after the names: `ssh-ed25519 AAAA...`. Required, because without
   * it the client accepts any host.
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
  /** How often it tries to connect. */
  dialErrorLimit?: pulumi.Input<number>;
  /** Seconds for one try to connect. */
  perDialTimeout?: pulumi.Input<number>;
}

/** A connection of `@pulumi/command`, whose client does not read your ssh configuration. */
export interface CheckConnection extends CheckHop {
  /** A host to connect through, described in the same way; its `hostKey` is required too. */
  proxy?: CheckHop;
}

/** What a green release promotes, and what staging must not take. */
export interface ProductionArgs {
  /** References to tag, such as `web-app:production`. */
  targets: pulumi.Input<string[]>;
  /** Name of production's container, which staging must not take. @defaultValue none */
  name?: pulumi.Input<string>;
  /** Production's port, which staging must not take. @defaultValue none */
  port?: pulumi.Input<number>;
}

/** Inputs of `StagedRelease`. */
export interface StagedReleaseArgs {
  /** The repository's name as in the rollout, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD is released. */
  worktree: string;
  /** The image to build: the inputs of `ReproducibleImage` except `revision`. `requireVerified` also holds for the promotion. */
  image: Omit<ReproducibleImageArgs, "revision" | "readFrom">;
  /** Where and how the new image is tried. */
  staging: StagingArgs;
  /** The command that decides whether staging is good. */
  check: StagingCheckArgs;
  /** What a green release promotes, and what staging must not take. */
  production: ProductionArgs;
  /** Full git revision. @defaultValue HEAD of `worktree` */
  revision?: pulumi.Input<string>;
  /**
   * `{enabled, repositories, selfRepository}`: the repositories that stamp and gate are on for. Both are on, or both are off.
   * @defaultValue the stack's configuration (`verified-images:enabled`, `verified-images:repositories`); if that has none, on
   */
  rollout?: Rollout;
}
