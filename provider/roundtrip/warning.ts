import { driftLines } from "../compare/summary";
import type { ImageOutputs } from "./outputs";

/**
 * What is said of an image that is not verified: loud, and every drifted package by name. Null when there
 * is nothing to say. Pure.
 */
export function imageWarning(
  layer: string,
  outputs: Pick<ImageOutputs, "verified" | "drift" | "reason" | "lockFile" | "reference">,
): string | null {
  if (outputs.verified === "verified") return null;
  const lines = driftLines(outputs.drift).map((line) => `  ${line}`);
  const head =
    outputs.verified === "unverified"
      ? `${layer}: UNVERIFIED: ${outputs.reason ?? "the locked rebuild differs"}`
      : `${layer}: NOT VERIFIED (unknown): ${outputs.reason ?? "no verdict is on record"}`;
  const tail = `  The image ${outputs.reference} can be used, but nothing proves that it can be built again; lock: ${outputs.lockFile}`;
  return [head, ...lines, tail].join("\n");
}

/** The same on one line, for errors. Pure. */
export function driftLine(outputs: Pick<ImageOutputs, "verified" | "drift" | "reason">): string {
  const names = driftLines(outputs.drift).join("; ");
  return names === "" ? (outputs.reason ?? outputs.verified) : names;
}

/** What is said of an image that is verified. Pure. */
export function verifiedLine(outputs: Pick<ImageOutputs, "packages" | "lockHash" | "reference">): string {
  const counts = Object.entries(outputs.packages);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const parts = counts.map(([ecosystem, count]) => `${ecosystem} ${count}`).join(", ");
  return `verified: ${outputs.reference}, ${parts === "" ? "no packages" : `${total} packages (${parts})`}; lock ${outputs.lockHash}`;
}
