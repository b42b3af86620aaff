import { type ShellCall } from "../shell-calls";
import { atProgram, type RunFacts, type UnpinnedCall } from "./rule";

/** Packages that are installed for all projects. No package manager reads a lock file for these. */
export function npmGlobal(call: ShellCall, plain: readonly string[], facts: RunFacts): UnpinnedCall[] {
  const global =
    plain.some((text) => ["-g", "--global", "--location=global"].includes(text)) ||
    (plain.includes("--location") && plain.includes("global")) ||
    (call.name === "yarn" && plain.find((text) => !text.startsWith("-")) === "global");
  const installs = plain.some((text) =>
    ["install", "i", "add", "in", "update", "up", "upgrade"].includes(text),
  );
  // npm is pinned by a preload in NODE_OPTIONS. An ENV, an ARG or an export of the recipe replaces it.
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
