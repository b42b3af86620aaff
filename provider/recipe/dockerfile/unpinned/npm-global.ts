import { type ShellCall } from "../shell-calls";
import { atProgram, type RunFacts, type UnpinnedCall } from "./rule";

/** Packages installed for all projects, for which no package manager reads a lock. */
export function npmGlobal(call: ShellCall, plain: readonly string[], facts: RunFacts): UnpinnedCall[] {
  const global =
    plain.some((text) => ["-g", "--global", "--location=global"].includes(text)) ||
    (plain.includes("--location") && plain.includes("global")) ||
    (call.name === "yarn" && plain.find((text) => !text.startsWith("-")) === "global");
  const installs = plain.some((text) =>
    ["install", "i", "add", "in", "update", "up", "upgrade"].includes(text),
  );
  // A preload holds npm to the lock, through NODE_OPTIONS; an ENV or ARG of the recipe displaces it, as an export does.
  const { assigned, removed, clearedBy } = call.environment;
  const unheld =
    clearedBy !== null ||
    removed.includes("NODE_OPTIONS") ||
    (facts.expand("$NODE_OPTIONS") ?? "") !== "" ||
    [...assigned, ...facts.calls.filter(({ name }) => name === "export").flatMap(({ args }) => args)].some(
      ({ text }) => text.startsWith("NODE_OPTIONS="),
    );
  if (!global || !installs || (call.name === "npm" && !unheld)) return [];
  return atProgram(
    call,
    "npm-global",
    `${call.name} reads no lock for global packages and takes what the registry has at the time.`,
  );
}
