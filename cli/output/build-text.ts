import { driftLines } from "../../provider/packages/compare/summary";
import { NOT_CAPTURED } from "../../provider/packages/lock/types";
import type { ImageOutputs } from "../../provider/build/roundtrip/image-outputs";
import { isPerhaps } from "../../provider/recipe/dockerfile/unpinned";
import { countWords } from "./counts";
import { table } from "./table";

/** What is known of one build, for people. */
export function buildText(outputs: ImageOutputs): string {
  const { reference, imageId, revision, verified, reason, drift } = outputs;
  return table([
    ["build", reference],
    ["image", imageId],
    ["revision", revision ?? "none"],
    [
      "verified",
      reason === null
        ? `${verified}${outputs.proof === "locked" ? " (locked)" : ""}`
        : `${verified}: ${reason}`,
    ],
    ...driftLines(drift).map((line) => ["", line]),
    ["packages", countWords(outputs.packages)],
    ...outputs.baseImages.map(({ reference: base, digest }) => ["base", `${base} ${digest}`]),
    ...outputs.unpinned.map((step) => [
      "unpinned",
      `line ${step.line}: ${step.text}${isPerhaps(step) ? " (perhaps)" : ""}`,
    ]),
    ...outputs.notCaptured.map((line) => ["not captured", line.slice(NOT_CAPTURED.length)]),
    ["lock", `${outputs.lockFile} ${outputs.lockHash}`],
    ["recipe", outputs.lockedRecipe],
    ["log", outputs.buildLog],
  ]);
}
