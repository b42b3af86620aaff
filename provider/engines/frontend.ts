import type { BuilderFacts } from "./engine";
import { isOlder } from "./docker/version";

/** The first releases that have something, from the release notes of BuildKit and of its Dockerfile frontend. */
interface First {
  buildkit: string;
  frontend: string;
}

/** `RUN --mount=type=secret,env=`. */
const SECRET_VARIABLES: First = { buildkit: "0.16.0", frontend: "1.10.0" };
/** `--build-context`. */
const NAMED_CONTEXTS: First = { buildkit: "0.10.0", frontend: "1.4.0" };

/** The frontend's own images with a version. If only a digest is given, the version is unknown. */
const OFFICIAL =
  /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?:([0-9]+\.[0-9]+(?:\.[0-9]+)?)(?:-labs)?$/;

/** The first releases that heed a policy beside the recipe. An older BuildKit says nothing and builds. */
const POLICY = { buildx: "0.31.0", buildkit: "0.27.0" };

/**
 * What a user has to know about a policy beside the recipe that this builder may not heed; null: it heeds it.
 *
 * @param name the policy's file
 */
export function unheededPolicy(name: string, { buildx, buildkit, least }: BuilderFacts): string | null {
  const known = isRelease(buildkit) ? buildkit : least;
  const client = buildx !== undefined && !isOlder(buildx, POLICY.buildx);
  if (client && known !== undefined && !isOlder(known, POLICY.buildkit)) return null;
  return (
    `the policy ${name} may have no effect: buildx ${POLICY.buildx} and BuildKit ${POLICY.buildkit} or newer heed it, and ` +
    `this is ${buildx === undefined ? "docker without buildx" : `buildx ${buildx}`} with BuildKit ${known ?? "of an unknown version"}; ` +
    "select a newer builder with `builder`"
  );
}

/**
 * Whether this is a release of BuildKit's. A distribution's engine says `0.0.0+unknown`. If an older buildx does not know the
 * version, it gives that of the Docker engine, such as 20.10.24.
 */
export function isRelease(buildkit: string | null): buildkit is string {
  return buildkit !== null && /^[0-9]\.[0-9]/.test(buildkit) && !buildkit.startsWith("0.0.0");
}

/**
 * Whether a build certainly has something that came with a release. Its builder must be new enough, and its Dockerfile
 * frontend too. A recipe that names no frontend gets the one in BuildKit. A floating version (`docker/dockerfile:1`) is not
 * certain: a mirror or a cache may have an old one.
 */
function has(first: First, { buildkit, least }: BuilderFacts, frontend: string | null): boolean {
  const known = isRelease(buildkit) ? buildkit : least;
  if (known === undefined || isOlder(known, first.buildkit)) return false;
  const version = frontend === null ? first.frontend : OFFICIAL.exec(frontend)?.[1];
  return version !== undefined && !isOlder(version, first.frontend);
}

/**
 * Whether a build certainly accepts a secret as a variable of a RUN (`--mount=type=secret,id=x,env=NAME`).
 *
 * @param frontend the image that the recipe (`# syntax=`) or a build argument (`BUILDKIT_SYNTAX`) names; null: none
 */
export const takesSecretVariables = (builder: BuilderFacts, frontend: string | null): boolean =>
  has(SECRET_VARIABLES, builder, frontend);

/**
 * Whether a build certainly accepts folders by name (`--build-context`).
 *
 * @param frontend as for {@link takesSecretVariables}
 */
export const takesNamedContexts = (builder: BuilderFacts, frontend: string | null): boolean =>
  has(NAMED_CONTEXTS, builder, frontend);
