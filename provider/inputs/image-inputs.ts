/** Where docker finds a build secret's value. */
export type SecretSource = { file: string } | { env: string };

/** Limits in seconds. */
export interface Timeouts {
  /** One git command. Default 30. */
  git: number;
  /** One question to the engine. Default 30. */
  inspect: number;
  /** One build. Default 1200. */
  rebuild: number;
}

/** The defaults of {@link Timeouts}. */
export const DEFAULT_TIMEOUTS: Timeouts = { git: 30, inspect: 30, rebuild: 1200 };

/** When the locked rebuild happens. */
export type VerifyMode = "inline" | "background" | "skip";

/** What `buildReproducible` and `ReproducibleImage` take, once all values are known. */
export interface ImageInputs {
  /** Artifact name; `[a-z0-9]+([._-][a-z0-9]+)*`. */
  name: string;
  /** Path of the Dockerfile. Default `<context>/Dockerfile`. */
  recipe?: string;
  /** Build context directory. */
  context: string;
  /** Directory of the artifact store. */
  root: string;
  /** Default: `docker`, by the recipe's name. */
  engine?: "docker" | "apptainer";
  /** `unix://`, `tcp://`, `ssh://user@host` or a Docker context's name. Default: the user's current one. */
  host?: string;
  buildArgs?: Record<string, string>;
  target?: string;
  platform?: string;
  labels?: Record<string, string>;
  secrets?: Record<string, SecretSource>;
  /** Full git SHA; stamped as label `org.opencontainers.image.revision` and build argument `GIT_SHA`. */
  revision?: string;
  /** Default `inline`. */
  verify?: VerifyMode;
  /** Default false: drift warns. */
  requireVerified?: boolean;
  /** Default `versions`. */
  pin?: "versions" | "vendored";
  /** References to push the image to; each names its registry's host. Default: none. */
  push?: string[];
  /** Builds to keep in the store. Default 10. */
  retain?: number;
  /** Never prune this build. Default false. */
  keep?: boolean;
  /** Any value; a change of it builds anew. */
  force?: unknown;
  timeouts?: Partial<Timeouts>;
  upstream?: boolean;
  cache?: "none" | "reuse";
  bitForBit?: boolean;
}

/** {@link ImageInputs} with every default applied and paths made absolute. */
export interface BuildPlan {
  name: string;
  /** Absolute. */
  recipe: string;
  /** Absolute. */
  context: string;
  /** Absolute. */
  root: string;
  host: string | undefined;
  buildArgs: Record<string, string>;
  target: string | null;
  platform: string | null;
  labels: Record<string, string>;
  secrets: Record<string, SecretSource>;
  revision: string | null;
  verify: VerifyMode;
  requireVerified: boolean;
  pin: "versions";
  push: string[];
  retain: number;
  keep: boolean;
  force: unknown;
  timeouts: Timeouts;
}
