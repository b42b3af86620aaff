import { z } from "zod";
import {
  artifactName,
  builder,
  cachePlaces,
  contexts,
  buildSecrets,
  flag,
  host,
  path,
  platform,
  pushTargets,
  retain,
  revision,
  strings,
  text,
  timeouts,
} from "./shapes";
import type { SecretInputs } from "./secret-inputs";
import { DEFAULT_TIMEOUTS, type Timeouts } from "./timeouts";

/** Builds that a store keeps unless told otherwise. */
export const DEFAULT_RETAIN = 10;

/** The value is null when it is left out. */
const orNull = <Shape extends z.ZodType>(shape: Shape) =>
  shape.nullish().transform((value): z.output<Shape> | null => value ?? null);

/** What a rebuild needs and a build does not see. These inputs are in the build record. */
const needed = {
  /** Name of the artifact and of its image, such as `web-app`. */
  name: artifactName,
  /** Path of the Dockerfile, or of an Apptainer definition. @defaultValue `<context>/Dockerfile` */
  recipe: path("such as ./app/Dockerfile").optional(),
  /** Directory of the build context. */
  context: path("the build context's directory, such as ./app"),
  /** More contexts, as in `docker buildx build --build-context`: a name to a directory, to `docker-image://name:tag`, or to a git repository at a full commit. @defaultValue none */
  contexts: contexts.default({}),
  /** Where the engine is: `unix://`, `tcp://`, `ssh://user@host`, or the name of a Docker context. @defaultValue your current one */
  host: orNull(host),
  /** The buildx builder that builds, as in `docker buildx build --builder`. @defaultValue the one in BUILDX_BUILDER, or else your selected one */
  builder: orNull(builder),
  /** Build secrets: an id to `{file}` or `{env}`. Their values appear in no state, log or lock. @defaultValue none */
  secrets: buildSecrets.default({}),
  /** A lock file that you commit, such as `web-app.lock`. If it fits the recipe, one build from it gives exactly its packages, and is verified by that; without the file, a round trip writes it. @defaultValue none */
  lock: orNull(path("such as web-app.lock")),
  /** Limits in seconds: `git` for one git command, `inspect` for one question to the engine, `rebuild` for one build. @defaultValue `{git: 30, inspect: 30, rebuild: 1200}` */
  timeouts: timeouts.optional().transform((given): Timeouts => ({
    git: given?.git ?? DEFAULT_TIMEOUTS.git,
    inspect: given?.inspect ?? DEFAULT_TIMEOUTS.inspect,
    rebuild: given?.rebuild ?? DEFAULT_TIMEOUTS.rebuild,
  })),
};

/** Where a build goes, how it is judged and how long it is kept. These inputs are not in the build record. */
const policy = {
  /** Directory of the artifact store. If it is inside the context, it is left out of the build. */
  root: path("the artifact store's directory, such as ./artifacts"),
  /** The engine that builds: `docker` or `apptainer`. @defaultValue `apptainer` for a recipe called `*.def`, else `docker` */
  engine: z
    .enum(["docker", "apptainer"], { error: "unknown engine; expected docker or apptainer" })
    .optional(),
  /** When the rebuild from the lock happens: `inline` (the update waits for it), `background` or `skip`. @defaultValue `inline` */
  verify: z
    .enum(["inline", "background", "skip"], { error: "expected inline, background or skip" })
    .default("inline"),
  /** `true`: an image that is not verified fails the update. `false`: it warns. @defaultValue `false` */
  requireVerified: flag.default(false),
  /** `true`: a lock that does not fit the recipe, or is missing, is refused, as `npm ci` does. @defaultValue `true` where the environment sets `CI`, or else `false` */
  frozenLock: orNull(flag),
  /** Whether steps of earlier builds are used again: `reuse`, only together with `lock`, or `none`. @defaultValue `reuse` with `lock`, or else `none` */
  cache: orNull(z.enum(["reuse", "none"], { error: "expected reuse or none" })),
  /** Where steps of other builds come from, as in `docker buildx build --cache-from`; only together with `lock`. @defaultValue none */
  cacheFrom: cachePlaces.default([]),
  /** Where the steps go, as in `docker buildx build --cache-to`; only together with `lock`. @defaultValue none */
  cacheTo: cachePlaces.default([]),
  /** Registry references to push the image to. Each names its registry's host. @defaultValue none */
  push: pushTargets.default([]),
  /** How many builds stay in the store. An image that carries another tag always stays. @defaultValue `10` */
  retain: retain.default(DEFAULT_RETAIN),
  /** `true`: this build is never pruned. @defaultValue `false` */
  keep: flag.default(false),
};

/** What a build sees. These inputs are in the build record and in the build's key, so a change makes a new build. */
const seen = {
  /** Build arguments, as Docker's own. @defaultValue none */
  buildArgs: strings.default({}),
  /** The stage to build, as Docker's own. @defaultValue the last one */
  target: orNull(text),
  /** The platform to build for, such as `linux/amd64`. @defaultValue the engine's */
  platform: orNull(platform),
  /** Labels of the image, as Docker's own. @defaultValue none */
  labels: strings.default({}),
  /** Full git revision. It becomes the label `org.opencontainers.image.revision` and the build argument `GIT_SHA`. @defaultValue none */
  revision: orNull(revision),
  /** What the locked rebuild pins: `versions`. @defaultValue `versions` */
  pin: z.enum(["versions"], { error: "expected versions" }).default("versions"),
  /** Any value. When it changes, the image is built again. @defaultValue none */
  force: orNull(
    z.unknown().refine((value) => typeof value !== "number" || Number.isFinite(value), {
      error: "expected a value that JSON can express",
    }),
  ),
};

/**
 * The one description of the inputs. Types, plan, key, record, diff and the tables of the documentation are derived
 * from it. A new input is one more line in the group that it belongs to.
 */
export const imageInputs = z.strictObject({ ...needed, ...policy, ...seen });

/** The part of a plan that a build sees. `parse` takes it out of a whole plan. */
export const seenInputs = z.object(seen);

/** The part of a plan that is in the build record. Paths are relative there. */
export const recordedInputs = z.object({ ...needed, ...seen, recipe: z.string() });

/** The message for each required input that is missing. */
export const REQUIRED = {
  name: "is missing; give the image a name, such as web-app",
  context: "is missing; give the build context's directory, such as ./app",
  root: "is missing; give the directory of the artifact store, such as ./artifacts",
};

type Given = z.input<typeof imageInputs>;

/** What `buildReproducible` and `ReproducibleImage` take, once all values are known. */
export type GivenImageInputs = { [Name in keyof Given]: Exclude<Given[Name], null> };

type Parsed = z.output<typeof imageInputs>;

/** The kinds of engines. */
export type EngineName = NonNullable<Parsed["engine"]>;

/** The engine that a recipe's name asks for. */
export const engineFor = (recipe: string): EngineName => (recipe.endsWith(".def") ? "apptainer" : "docker");

/** The inputs with every default applied and paths made absolute. */
export type BuildPlan = Parsed & {
  recipe: string;
  engine: EngineName;
  /** Which build arguments and labels are secrets of the program. Default: none. */
  secretInputs?: SecretInputs;
};
