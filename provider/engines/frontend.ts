import type { BuilderFacts } from "./engine";
import { isOlder } from "./docker/version";

/** First releases with `RUN --mount=type=secret,env=` (Dockerfile release notes, 1.10.0; BuildKit 0.16.0 brings that one). */
const FIRST = { buildkit: "0.16.0", frontend: "1.10.0" };

/** The frontend's own images, with a version; the digest of one that is pinned says nothing of its version. */
const OFFICIAL =
  /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?:([0-9]+\.[0-9]+(?:\.[0-9]+)?)(?:-labs)?$/;

/**
 * Whether a build surely takes a secret as a variable of a RUN (`--mount=type=secret,id=x,env=NAME`): its builder is
 * new enough, and so is the Dockerfile frontend. Without one of its own, a recipe gets BuildKit's. A floating version
 * (`docker/dockerfile:1`) may be an old one in a mirror or a cache, so it is not sure.
 *
 * @param frontend the image that the recipe (`# syntax=`) or a build argument (`BUILDKIT_SYNTAX`) names; null: none
 */
export function takesSecretVariables({ buildkit }: BuilderFacts, frontend: string | null): boolean {
  // Where older releases of buildx don't know BuildKit's version, they say that of the Docker engine: 20.10.24.
  if (buildkit === null || !/^[0-9]\.[0-9]/.test(buildkit) || isOlder(buildkit, FIRST.buildkit)) return false;
  const version = frontend === null ? FIRST.frontend : OFFICIAL.exec(frontend)?.[1];
  return version !== undefined && !isOlder(version, FIRST.frontend);
}
