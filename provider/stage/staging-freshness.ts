import type { Rollout } from "../promote/gate/rollout";
import type { ImageInputs } from "../inputs/image-inputs.generated";

/** The options of `checkStagingImageFresh`. They are arguments of `StagedRelease`, as plain values. */
export interface StagingFreshOptions {
  /** The repository's name as in the rollout, such as `owner/name`. */
  repository: string;
  /** The work tree whose HEAD is built and tried. */
  worktree: string;
  /** The image to build. Default `name`: the last part of `repository`. */
  image: Omit<ImageInputs, "name" | "revision"> & { name?: string };
  staging: {
    /** The staging container's name, also with compose. */
    name: string;
    /** Port on the engine's host; with compose, a port that the service publishes. */
    port: number;
    /** Port inside the container. Default: `port`; with compose, what the file says. */
    containerPort?: number;
    /** Path that has to answer with 200 to 399. Default `/`. */
    healthPath?: string;
    /** Seconds within which it has to answer so. Default 60. */
    healthTimeout?: number;
    /** Host name or address at which staging is reached. Default: the host of the engine's endpoint. */
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
    /** The check's command, text for `sh -c`. Exit code 0 is green. */
    command: string;
    /** Run it inside the fresh container. Default false. */
    inContainer?: boolean;
    /** Seconds within which it has to end. Default 600. */
    timeout?: number;
    /** Run it on another host, through the user's ssh client: `user@host`, an alias, or `ssh://user@host:port`. */
    ssh?: string;
  };
  /** Production's container name and port, which staging must not take. */
  production?: { name?: string; port?: number };
  /** Full git revision; default: HEAD of `worktree`. */
  revision?: string;
  /** The repositories that this applies to. Default: it applies. */
  rollout?: Rollout;
}

/** Whether staging runs the fresh image and is good, and a sentence that says why or why not. */
export interface StagingFreshness {
  ok: boolean;
  reason: string;
}
