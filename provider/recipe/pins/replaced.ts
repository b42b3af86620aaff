/** A Python distribution that one RUN installed at several versions, of which only the last one stayed. */
export interface ReplacedInRun {
  /** Index of the stage in the recipe. */
  stage: number;
  /** The number of the RUN in its stage, from 1. */
  run: number;
  name: string;
  versions: readonly string[];
}

const PLAIN = /^[0-9]+(?:\.[0-9]+)*$/;

/** Orders plain release numbers. */
function compareReleases(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  const length = Math.max(left.length, right.length);
  const at = Array.from({ length }, (_, index) => (left[index] ?? 0) - (right[index] ?? 0));
  return at.find((difference) => difference !== 0) ?? 0;
}

/** The constraint that lets pip have each of these versions, and none that is newer than all of them. */
export function rangeLine(name: string, versions: readonly string[]): string {
  const sorted = [...versions].sort(compareReleases);
  return versions.every((version) => PLAIN.test(version))
    ? `${name}>=${sorted[0] ?? ""},<=${sorted.at(-1) ?? ""}`
    : `# ${name} was at ${versions.join(" and ")} in this RUN: left to the comparison`;
}
