import { posix } from "node:path";

const NONE = "-";

/** @param {unknown} value */
function text(value) {
  return value === null || value === undefined || value === "" ? NONE : String(value);
}

/** `dpkg 120, npm 4, pip 9`, sorted by ecosystem. @param {unknown} packages */
function counts(packages) {
  if (packages === null || typeof packages !== "object") return NONE;
  const parts = Object.entries(packages).map(([ecosystem, count]) => `${ecosystem} ${count}`);
  return parts.length > 0 ? parts.sort().join(", ") : NONE;
}

/** The tags of an array, of a record by tag, or of a single text. @param {unknown} promoted */
function tags(promoted) {
  if (Array.isArray(promoted)) return promoted.length > 0 ? promoted.join(", ") : NONE;
  if (promoted !== null && typeof promoted === "object") return tags(Object.keys(promoted));
  return text(promoted);
}

/** `no drift` or `2 changed, 1 added`. @param {unknown} drift */
function driftWords(drift) {
  if (drift === null || typeof drift !== "object") return NONE;
  const parts = ["changed", "added", "removed"]
    .map((kind) => [kind, Array.isArray(drift[kind]) ? drift[kind].length : 0])
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  return parts.length > 0 ? parts.join(", ") : "none";
}

/** The store's folder as seen from the project; the program sees it from its own folder. @param {unknown} store */
function evidence(store) {
  if (typeof store !== "string") return NONE;
  return `${posix.join("examples/quickstart", store)} (locks, locked recipes, logs, marks)`;
}

/**
 * The table that ends the quickstart: what it proved, from the stack's outputs, and where to look next. An output
 * that is not there is shown as `-`.
 * @param {Record<string, unknown>} outputs as `pulumi stack output --json` prints them
 * @returns {string[]} lines
 */
export function summary(outputs) {
  const rows = [
    ["image", text(outputs.imageId)],
    ["packages", counts(outputs.packages)],
    ["lock hash", text(outputs.lockHash)],
    ["verified", text(outputs.verified)],
    ["drift", driftWords(outputs.drift)],
    ["promoted tag", tags(outputs.promoted)],
    ["revision", text(outputs.revision)],
    ["evidence", evidence(outputs.store)],
  ];
  const next = [
    ["npm run pulumi -- preview", "nothing to do, until something changes"],
    [`docker tag debian:bookworm-slim ${tags(outputs.promoted)}`, "move the tag by hand, and preview again"],
    ["npm run pulumi -- up", "puts it back"],
    ["npm run pulumi -- destroy", "takes the promoted tag away, and nothing else"],
    ["examples/quickstart/index.ts", "the program, 30 lines; README.md explains it"],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const rule = "-".repeat(Math.max(...rows.map(([, value]) => value.length)) + width + 2);
  const nextWidth = Math.max(...next.map(([command]) => command.length));
  return [
    rule,
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    rule,
    "Next:",
    ...next.map(([command, words]) => `  ${command.padEnd(nextWidth)}  ${words}`),
  ];
}
