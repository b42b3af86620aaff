import type { ResolvedBase } from "../../engines/pin-base";
import type { LockedPackage } from "../../packages/lock/types";
import { pastHook, type PastHook } from "../../recipe/apt-records/past-hook";
import type { StageFindings } from "./capture-build";
import type { Effects } from "./effects";

/**
 * What went past apt's hook in each stage of a build. The Debian packages of the base images are read for this, unless no
 * stage has any, or the build's log lacks lines.
 */
export async function findPastHook(
  { engine, signal }: Effects,
  bases: readonly ResolvedBase[],
  stages: readonly StageFindings[],
): Promise<Map<number, PastHook[]>> {
  const hasDebs = stages.some(({ packages }) => packages.some(({ ecosystem }) => ecosystem === "dpkg"));
  if (!hasDebs || stages.some(({ own }) => own?.complete === false)) return new Map();
  const images = new Set(bases.map(({ imageId }) => imageId));
  const known: LockedPackage[] = [];
  for (const imageId of images) known.push(...(await engine.debianPackages(imageId, signal)));
  const records = stages.flatMap(({ own }) => (own === undefined ? [] : [own]));
  return new Map(stages.map(({ index, packages, own }) => [index, pastHook(packages, known, records, own)]));
}
