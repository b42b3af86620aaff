// Made from image-inputs.ts by `npm run docs:tables`; change it there.
/** What `buildReproducible` and `ReproducibleImage` take, once all values are known. */
export type ImageInputs = {
  /** Name of the artifact and of its image, such as `web-app`. */
  name: string;
  /** Path of the Dockerfile, or of an Apptainer definition. @defaultValue `<context>/Dockerfile` */
  recipe?: string;
  /** Directory of the build context. */
  context: string;
  /** More contexts, as in `docker buildx build --build-context`: a name to a directory, to `docker-image://name:tag`, or to a git repository at a full commit. @defaultValue none */
  contexts?: Record<string, string>;
  /** Where the engine is: `unix://`, `tcp://`, `ssh://user@host`, or the name of a Docker context. @defaultValue your current one */
  host?: string;
  /** The buildx builder that builds, as in `docker buildx build --builder`. @defaultValue the one in BUILDX_BUILDER, or else your selected one */
  builder?: string;
  /** Build secrets: an id to `{file}` or `{env}`. Their values appear in no state, log or lock. @defaultValue none */
  secrets?: Record<string, { file: string } | { env: string }>;
  /** A lock file that you commit, such as `web-app.lock`. If it fits the recipe, one build from it gives exactly its packages, and is verified by that; without the file, a round trip writes it. @defaultValue none */
  lock?: string;
  /** Limits in seconds: `git` for one git command, `inspect` for one question to the engine, `rebuild` for one build. @defaultValue `{git: 30, inspect: 30, rebuild: 1200}` */
  timeouts?: { git?: number | undefined; inspect?: number | undefined; rebuild?: number | undefined };
  /** Directory of the artifact store. If it is inside the context, it is left out of the build. */
  root: string;
  /** The engine that builds: `docker` or `apptainer`. @defaultValue `apptainer` for a recipe called `*.def`, else `docker` */
  engine?: "docker" | "apptainer";
  /** When the rebuild from the lock happens: `inline` (the update waits for it), `background` or `skip`. @defaultValue `inline` */
  verify?: "inline" | "background" | "skip";
  /** `true`: an image that is not verified fails the update. `false`: it warns. @defaultValue `false` */
  requireVerified?: boolean;
  /** `true`: a lock that does not fit the recipe, or is missing, is refused, as `npm ci` does. @defaultValue `true` where the environment sets `CI`, or else `false` */
  frozenLock?: boolean;
  /** Whether steps of earlier builds are used again: `reuse`, only together with `lock`, or `none`. @defaultValue `reuse` with `lock`, or else `none` */
  cache?: "reuse" | "none";
  /** Where steps of other builds come from, as in `docker buildx build --cache-from`; only together with `lock`. @defaultValue none */
  cacheFrom?: string[];
  /** Where the steps go, as in `docker buildx build --cache-to`; only together with `lock`. @defaultValue none */
  cacheTo?: string[];
  /** Registry references to push the image to. Each names its registry's host. @defaultValue none */
  push?: string[];
  /** How many builds stay in the store. An image that carries another tag always stays. @defaultValue `10` */
  retain?: number;
  /** `true`: this build is never pruned. @defaultValue `false` */
  keep?: boolean;
  /** Build arguments, as Docker's own. @defaultValue none */
  buildArgs?: Record<string, string>;
  /** The stage to build, as Docker's own. @defaultValue the last one */
  target?: string;
  /** The platform to build for, such as `linux/amd64`. @defaultValue the engine's */
  platform?: string;
  /** Labels of the image, as Docker's own. @defaultValue none */
  labels?: Record<string, string>;
  /** Full git revision. It becomes the label `org.opencontainers.image.revision` and the build argument `GIT_SHA`. @defaultValue none */
  revision?: string;
  /** What the locked rebuild pins: `versions`. @defaultValue `versions` */
  pin?: "versions";
  /** Any value. When it changes, the image is built again. @defaultValue none */
  force?: unknown;
};
