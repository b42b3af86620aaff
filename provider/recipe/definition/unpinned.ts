import { hideCredentials, hideUsers } from "../../base/words/credentials";
import type { LockedPackage, Unpinned } from "../../packages/lock/types";
import { lineNumberAt } from "../dockerfile/physical-lines";
import { shellCalls } from "../dockerfile/shell-calls";
import { unpinnedCall } from "../dockerfile/unpinned/calls";
import { matchesName } from "../dockerfile/unpinned/patterns";
import type { RunFacts } from "../dockerfile/unpinned/rule";
import { valueOf } from "../dockerfile/unpinned/values";
import { baseKind } from "./agents";
import { scriptText } from "./script-text";
import { buildScripts, isShellScript, runsAnything } from "./scripts";
import type { DefinitionStage, ParsedDefinition } from "./types";

const MAXIMUM_TEXT = 200;

/** A word without variables; the environment of `%post` is not known here. */
const plain = (written: string): string | null => (/[$`]/.test(written) ? null : written);

/**
 * Finds what a definition fetches without a pin, what bypasses the pins, and what runs on the host. Each is listed once per
 * line and kind, in the order of the lines.
 *
 * @param packages the lock's: a version that the recipe asks for counts as pinned if the lock has the same
 */
export function findUnpinnedInDefinition(
  parsed: ParsedDefinition,
  packages: readonly LockedPackage[] = [],
): Unpinned[] {
  const found = new Map<string, Unpinned>();
  const add = (line: number, kind: string, reason: string): void => {
    const key = `${line} ${kind}`;
    if (!found.has(key)) found.set(key, { line, kind, text: lineText(parsed, line), reason });
  };
  for (const stage of parsed.stages) {
    const line = stage.header.get("bootstrap")?.line ?? 1;
    const reason = sourceReason(stage);
    if (reason !== null) add(line, "bootstrap", reason);
    if (stage !== parsed.stages.at(-1) && runsAnything(stage)) {
      add(
        line,
        "stage-unseen",
        "Of a stage that is not the last, only what apt installs is captured and pinned.",
      );
    }
    for (const { source, stage: of, line: at } of stage.files) {
      if (of === null && /^(?:\/|\.\.(?:\/|$))/.test(source))
        add(at, "host-file", "The file is outside of the context, so nobody sees whether it has changed.");
    }
    for (const section of stage.sections) {
      if (section.name === "setup" || section.name === "pre") {
        add(
          section.line,
          "host-script",
          `%${section.name} runs on the host, and what it brings in has no pin.`,
        );
      }
    }
    for (const one of unpinnedInScripts(parsed, stage, packages)) add(one.line, one.kind, one.reason);
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function unpinnedInScripts(
  parsed: ParsedDefinition,
  stage: DefinitionStage,
  packages: readonly LockedPackage[],
): { line: number; kind: string; reason: string }[] {
  const scripts = buildScripts(stage);
  if (scripts.length > 0 && !isShellScript(stage)) {
    const section = scripts.findLast(({ name, args }) => name === "post" && args !== "") ?? scripts[0];
    const reason = "Another program than a shell runs this, so no pin can be put before it.";
    return [{ line: section?.line ?? 1, kind: "interpreter", reason }];
  }
  const calls = scripts.flatMap(({ body }) => {
    const { source, bodies } = scriptText(parsed.text, body);
    return shellCalls(source, bodies);
  });
  const brought = stage.files.map(({ source, destination }) => destination || source);
  const facts: RunFacts = {
    calls,
    exported: calls.flatMap(({ name, args }) => (name === "export" ? args : [])),
    // The engine runs them with `sh -ex`.
    strict: true,
    expand: plain,
    debs: debVersions(packages),
    value: valueOf(calls, plain),
    brings: (_call, files) => brought.some((path) => files.some((file) => matchesName(path, file))),
  };
  return calls.flatMap((call) =>
    unpinnedCall(call, facts).map(({ word, kind, reason }) => ({
      line: lineNumberAt(parsed.lines, word.start),
      kind,
      reason: call.perhaps ? `perhaps: ${reason}` : reason,
    })),
  );
}

/** Why a stage's base can't be pinned; null: it can, or there is none. */
function sourceReason({ agent, header }: DefinitionStage): string | null {
  const from = header.get("from")?.value ?? "";
  switch (baseKind(agent)) {
    case "registry":
    case "file":
    case "nothing":
      return null;
    case "engine":
      return `${agent} takes what the engine has under the name ${from} at each build.`;
    case "folder":
      return `The folder ${from} is read as it is at each build.`;
    case "packages":
      return `${agent} installs what its mirror has at the time of the build.`;
    case "service":
    case null:
      return `${agent} looks up ${from || "its source"} at each build, and this package can't pin that.`;
  }
}

function debVersions(packages: readonly LockedPackage[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const { ecosystem, name, version } of packages) {
    if (ecosystem === "dpkg") versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return versions;
}

/** The text of a line: trimmed, without credentials, at most 200 characters. */
function lineText(parsed: ParsedDefinition, line: number): string {
  const at = parsed.lines[line - 1];
  const text = at === undefined ? "" : parsed.text.slice(at.start, at.end).trim();
  return Array.from(hideCredentials(hideUsers(text)))
    .slice(0, MAXIMUM_TEXT)
    .join("");
}
