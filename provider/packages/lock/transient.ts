import type { LockedPackage } from "./types";

type InBuild = Pick<LockedPackage, "stage" | "transient">;

/** Whether the image itself has a package: it belongs to no other stage, and was not removed again. */
export function isInImage({ stage, transient }: InBuild): boolean {
  return stage === undefined && transient === undefined;
}

/** Where in the build a package was, such as `stage builder, removed again`. Null for a package that the image has. */
export function buildPlace({ stage, transient }: InBuild): string | null {
  const words = [...(stage ? [`stage ${stage}`] : []), ...(transient ? ["removed again"] : [])];
  return words.length === 0 ? null : words.join(", ");
}
