import { z } from "zod";
import { hideCredentials } from "../../base/words/credentials";
import { normalisedName } from "../capture/python/metadata";
import { LockError } from "./errors";
import { makeLock } from "./make";
import type { Lock, LockedPackage } from "./types";

/** The first line of a lock of scitex-container 0.4. */
const HEADER = "# scitex-container lock";
const ADVICE = "Make it anew with scitex-container, or build the image with verified-images.";

const node = z.looseObject({
  dependencies: z.record(z.string(), z.looseObject({ version: z.string().optional() })).optional(),
});

/** Whether a text is a lock that scitex-container wrote. */
export const isScitexLock = (text: string): boolean => text.startsWith(HEADER);

/**
 * Reads a lock of scitex-container: sections `[pip]` (lines of `pip freeze`), `[dpkg]` (`name=version`) and `[node]` (JSON of
 * `npm list --global`). It names no place and no hash, so the packages have none here.
 *
 * @throws {LockError} when it is no such lock, or a line can't be understood
 */
export function parseScitexLock(text: string): Lock {
  if (!isScitexLock(text)) throw new LockError([`it does not begin with "${HEADER}"`], ADVICE);
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (name !== undefined) sections.set(name, (current = sections.get(name) ?? []));
    else if (line !== "" && !line.startsWith("#")) current.push(line);
  }
  const linesOf = (section: string): string[] => sections.get(section) ?? [];
  return makeLock({
    bases: [],
    sources: [],
    unpinned: [],
    packages: [
      ...linesOf("pip").map(pipLine),
      ...linesOf("dpkg").map(dpkgLine),
      ...globalNode(linesOf("node").join("\n")),
    ],
  });
}

/** `name==version`, `name @ address`, or a line about something that can be edited. */
function pipLine(line: string): LockedPackage {
  const [, name, version] = /^([^=@\s]+)(?:==| @ )(\S+)$/.exec(line) ?? [];
  if (name === undefined || version === undefined)
    return { ecosystem: "pip", name: hideCredentials(line), version: "unknown" };
  return { ecosystem: "pip", name: normalisedName(name), version: hideCredentials(version) };
}

function dpkgLine(line: string): LockedPackage {
  const [, name, version] = /^([^=\s]+)=(\S+)$/.exec(line) ?? [];
  if (name === undefined || version === undefined)
    throw new LockError([`the line ${JSON.stringify(line)} of [dpkg] is not name=version`], ADVICE);
  return { ecosystem: "dpkg", name, version };
}

function globalNode(text: string): LockedPackage[] {
  if (text === "") return [];
  try {
    const { dependencies = {} } = node.parse(JSON.parse(text));
    return Object.entries(dependencies).map(([name, { version = "unknown" }]) => ({
      ...{ ecosystem: "npm" as const, name, version },
    }));
  } catch (error) {
    throw new LockError(["its section [node] is no JSON of `npm list`"], ADVICE, { cause: error });
  }
}
