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
  /** Name of the artifact and of its image, such as `web-app`. */
  name: string;
  /** Path of the Dockerfile. @defaultValue `<context>/Dockerfile` */
  recipe?: string;
  /** Directory of the build context. */
  context: string;
  /** Directory of the artifact store. Where it lies inside the context, it is left out of the build. */
  root: string;
  /** The engine that builds: `docker`. @defaultValue `docker` */
  engine?: "docker" | "apptainer";
  /** Where the engine is: `unix://`, `tcp://`, `ssh://user@host`, or the name of a Docker context. @defaultValue your current one */
  host?: string;
  /** Build arguments, as Docker's own. @defaultValue none */
  buildArgs?: Record<string, string>;
  /** The stage to build, as Docker's own. @defaultValue the last one */
  target?: string;
  /** The platform to build for, such as `linux/amd64`. @defaultValue the engine's */
  platform?: string;
  /** Labels of the image, as Docker's own. @defaultValue none */
  labels?: Record<string, string>;
  /** Build secrets: an id to `{file}` or `{env}`. Their values appear in no state, log or lock. @defaultValue none */
  secrets?: Record<string, SecretSource>;
  /** Full git revision. It becomes the label `org.opencontainers.image.revision` and the build argument `GIT_SHA`. @defaultValue none */
  revision?: string;
  /** When the rebuild from the lock happens: `inline` (the update waits for it), `background` or `skip`. @defaultValue `inline` */
  verify?: VerifyMode;
  /** `true`: an image that is not verified fails the update. `false`: it warns. @defaultValue `false` */
  requireVerified?: boolean;
  /** What the locked rebuild pins: `versions`. @defaultValue `versions` */
  pin?: "versions" | "vendored";
  /** Registry references to push the image to. Each names its registry's host. @defaultValue none */
  push?: string[];
  /** How many builds stay in the store. An image that carries another tag always stays. @defaultValue `10` */
  retain?: number;
  /** `true`: this build is never pruned. @defaultValue `false` */
  keep?: boolean;
  /** Any value. When it changes, the image is built anew. @defaultValue none */
  force?: unknown;
  /** Limits in seconds: `git` for one git command, `inspect` for one question to the engine, `rebuild` for one build. @defaultValue `{git: 30, inspect: 30, rebuild: 1200}` */
  timeouts?: Partial<Timeouts>;
  /** Not supported yet: only `false` is taken. @defaultValue `false` */
  upstream?: boolean;
  /** Not supported yet: only `none` is taken. @defaultValue `none` */
  cache?: "none" | "reuse";
  /** Not supported yet: only `false` is taken. @defaultValue `false` */
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
