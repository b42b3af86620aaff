import type { Rollout } from "../promote/gate/rollout";
import type { ImageInputs } from "../inputs/image-inputs.generated";

/** The arguments of `StagedRelease` that are known, as `checkStagingImageFresh` takes them. */
export interface StagingFreshOptions {
  /** The repository's name, as the rollout knows it, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD staging has to run. */
  worktree: string;
  /** The image to build; `name` is by default the last part of `repository`. */
  image: Omit<ImageInputs, "name" | "revision"> & { name?: string };
  staging: {
    /** The staging container's name, with compose too. */
    name: string;
    /** Port on the engine's host; with compose, one that the service publishes. */
    port: number;
    /** Port inside the container. Default: `port`; with compose, what the file says. */
    containerPort?: number;
    /** Path that has to answer with 200 to 399. Default `/`. */
    healthPath?: string;
    /** Seconds in which it has to. Default 60. */
    healthTimeout?: number;
    /** Host name or address at which staging answers; default: the host of the engine's endpoint. */
    address?: string;
    env?: Record<string, string>;
    /** A service of a compose file instead of a container of its own; see `StagedRelease`. */
    compose?: {
      file: string;
      profile: string;
      service: string;
      project?: string;
      worktreeOnHost?: string;
    };
  };
  check: {
    /** Text for `sh -c`; good is exit code 0. */
    command: string;
    /** Run it inside the fresh container. Default false. */
    inContainer?: boolean;
    /** Seconds in which it has to end. Default 600. */
    timeout?: number;
    /** Run it on another host, through the user's ssh client: `user@host`, an alias, or `ssh://user@host:port`. */
    ssh?: string;
  };
  /** What must not be touched. */
  production?: { name?: string; port?: number };
  /** Full git revision; default: HEAD of `worktree`. */
  revision?: string;
  /** Where this is on; default: here. */
  rollout?: Rollout;
}

/** Whether staging runs a fresh and good image, and why, or why not. */
export interface StagingFreshness {
  ok: boolean;
  reason: string;
}
