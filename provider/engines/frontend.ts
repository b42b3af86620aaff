import type { BuilderFacts } from "./engine";
import { isOlder } from "./docker/version";

/**
 * The first releases with `RUN --mount=type=secret,env=` (Dockerfile release notes, 1.10.0, which is in BuildKit
 * 0.16.0).
 */
const FIRST = { buildkit: "0.16.0", frontend: "1.10.0" };

/** The frontend's own images with a version. If only a digest is given, the version is unknown. */
const OFFICIAL =
  /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?:([0-9]+\.[0-9]+(?:\.[0-9]+)?)(?:-labs)?$/;

/**
 * Whether a build certainly accepts a secret as a variable of a RUN (`--mount=type=secret,id=x,env=NAME`). Its builder
 * must be new enough, and its Dockerfile frontend too. A recipe that names no frontend gets the one in BuildKit. A
 * floating version (`docker/dockerfile:1`) is not certain: a mirror or a cache may have an old one.
 *
 * @param frontend the image that the recipe (`# syntax=`) or a build argument (`BUILDKIT_SYNTAX`) names; null: none
 */
export function takesSecretVariables({ buildkit }: BuilderFacts, frontend: string | null): boolean {
  // If an older buildx does not know BuildKit's version, it gives that of the Docker engine, such as 20.10.24.
  if (buildkit === null || !/^[0-9]\.[0-9]/.test(buildkit) || isOlder(buildkit, FIRST.buildkit)) return false;
  const version = frontend === null ? FIRST.frontend : OFFICIAL.exec(frontend)?.[1];
  return version !== undefined && !isOlder(version, FIRST.frontend);
}
