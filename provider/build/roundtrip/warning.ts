import { posix } from "node:path";
import { driftLines, isEmptyDrift } from "../../packages/compare/summary";
import { NOT_CAPTURED } from "../../packages/lock/types";
import { howToVerify } from "./background-words";
import type { ImageOutputs } from "./image-outputs";
import { unpinnedList } from "./unpinned-words";

/** Characters of drifted names in a verdict, so that it fits on one row of a terminal. */
const NAMES_CHARACTERS = 60;

/** The verdict on an image that is not verified, on one short line: the first drifted names, or else the reason. */
export function unverifiedLine(outputs: Pick<ImageOutputs, "verified" | "drift" | "reason">): string {
  const { verified, drift, reason } = outputs;
  const state = verified === "unverified" ? "unverified" : "not verified";
  if (isEmptyDrift(drift)) {
    const otherwise = verified === "unverified" ? "the locked rebuild differs" : "no verdict is on record";
    return `${state}: ${reason ?? otherwise}`;
  }
  // A changed package is shown with both versions, so the word "changed" is not needed.
  const names = driftLines(drift).map((line) => line.replace(/^changed /, ""));
  let count = 1;
  while (count < names.length && names.slice(0, count + 1).join(", ").length <= NAMES_CHARACTERS) count += 1;
  const rest = names.length - count;
  return `${state}: ${names.slice(0, count).join(", ")}${rest > 0 ? `, +${rest} more` : ""}`;
}

/**
 * The warning about an image that is not verified: its verdict, every drifted package on a line of its own, the steps that
 * can't be pinned, and what to do. Null when it is verified.
 */
export function imageWarning(
  outputs: Pick<ImageOutputs, "verified" | "drift" | "reason" | "lockFile" | "reference"> &
    Partial<Pick<ImageOutputs, "unpinned">>,
): string | null {
  if (outputs.verified === "verified") return null;
  const lines = driftLines(outputs.drift).map((line) => `  ${line}`);
  const why = `  The image ${outputs.reference} can be used, but nothing proves that it can be built again.`;
  const unpinned = unpinnedList(outputs.unpinned ?? [])?.replace(/^/gm, "  ");
  const reasons = [...lines, ...(unpinned === undefined ? [] : [unpinned]), why];
  return [unverifiedLine(outputs), ...reasons, `  ${whatToDo(outputs)}`].join("\n");
}

/** The store is two folders above a lock. */
function whatToDo({ verified, lockFile, reference }: Parameters<typeof imageWarning>[0]): string {
  return verified === "unverified"
    ? `Let the recipe ask for the same each time, and build again; its lock is ${lockFile}.`
    : `Run \`${howToVerify(reference)} --root ${posix.dirname(posix.dirname(lockFile))}\` to have a verdict; its lock is ${lockFile}.`;
}

/** The same on one line, for errors. */
export function driftLine(outputs: Pick<ImageOutputs, "verified" | "drift" | "reason">): string {
  const names = driftLines(outputs.drift).join("; ");
  return names === "" ? (outputs.reason ?? outputs.verified) : names;
}

/** How many kinds of things that are not captured the line names. The output `notCaptured` lists all. */
const KINDS_NAMED = 3;

/**
 * One line about an image that is verified, and about what that does not cover.
 *
 * @param fromCache of a build from a committed lock: how much of it came from the cache
 */
export function verifiedLine(
  outputs: Pick<ImageOutputs, "packages" | "reference" | "notCaptured">,
  fromCache: string | null = null,
): string {
  const { file: files = 0, ...packages } = outputs.packages;
  const counts = Object.entries(packages);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const parts = counts.map(([ecosystem, count]) => `${ecosystem} ${count}`).join(", ");
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const what = total > 0 ? `${plural(total, "package")} (${parts})` : "no packages";
  const compared = files > 0 ? `, ${plural(files, "file")} compared` : "";
  const how = fromCache === null ? "" : `locked, ${fromCache}, `;
  return `verified, ${how}${what}${compared}; ${outputs.reference}${outsideWords(outputs.notCaptured)}`;
}

function outsideWords(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const kinds = lines.slice(0, KINDS_NAMED).map((line) => line.slice(NOT_CAPTURED.length));
  const rest = lines.length - kinds.length;
  return `; ${NOT_CAPTURED}${kinds.join(", ")}${rest > 0 ? `, and ${rest} more in the output notCaptured` : ""}`;
}
