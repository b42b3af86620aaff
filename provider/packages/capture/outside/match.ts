import { OUTSIDE_ECOSYSTEMS } from "./ecosystems";

/** A sign that was seen, and where. */
export interface Seen {
  what: string;
  place: string;
}

interface Rule {
  what: string;
  within: string | undefined;
  inSystem: boolean;
  up: number;
}

/** Where packages of a distribution stand. Their database says what they are. */
const SYSTEM = /^\/usr\/(?!local\/)/;
/** What is in there belongs to a Python or npm package, which is listed. */
const INSIDE_PACKAGE = /\/(?:site-packages|dist-packages|node_modules)\//;

const byName = new Map<string, Rule[]>();
const byEnding = new Map<string, Rule[]>();
const byFolder = new Map<string, { path: string; rule: Rule }[]>();
for (const {
  what,
  named = [],
  ending = [],
  below = [],
  within,
  inSystem = false,
  up = 0,
} of OUTSIDE_ECOSYSTEMS) {
  const rule = { what, within, inSystem, up };
  for (const name of named) byName.set(name, [...(byName.get(name) ?? []), rule]);
  for (const end of ending) byEnding.set(end, [...(byEnding.get(end) ?? []), rule]);
  for (const path of below) {
    const last = path.slice(path.lastIndexOf("/") + 1);
    byFolder.set(last, [...(byFolder.get(last) ?? []), { path, rule }]);
  }
}

/**
 * Returns a function that tells what a file's path shows. Files of one directory follow each other, so what the directory
 * shows is found once for all of them.
 */
export function matcher(): (path: string) => Seen[] {
  let directory = "";
  let shown: Seen[] = [];
  return (path) => {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, slash);
    if (parent !== directory) {
      directory = parent;
      shown = ofDirectory(parent);
    }
    // Inside a known directory, its own name says more than that of a file.
    return shown.length > 0 ? shown : ofName(path.slice(slash + 1)).flatMap((rule) => seenIn(rule, parent));
  };
}

function ofDirectory(directory: string): Seen[] {
  if (INSIDE_PACKAGE.test(`${directory}/`)) return [];
  const seen: Seen[] = [];
  for (let end = directory.indexOf("/", 1); ; end = directory.indexOf("/", end + 1)) {
    const part = end < 0 ? directory : directory.slice(0, end);
    for (const { path, rule } of byFolder.get(part.slice(part.lastIndexOf("/") + 1)) ?? []) {
      if (part.endsWith(path) && (rule.inSystem || !SYSTEM.test(`${part}/`))) {
        seen.push({ what: rule.what, place: part });
      }
    }
    if (end < 0) return seen;
  }
}

function ofName(name: string): Rule[] {
  const dot = name.lastIndexOf(".");
  const named = byName.get(name) ?? [];
  if (dot < 0) return named;
  const before = name.lastIndexOf(".", dot - 1);
  return [
    ...named,
    ...(byEnding.get(name.slice(dot)) ?? []),
    ...(before < 0 ? [] : (byEnding.get(name.slice(before)) ?? [])),
  ];
}

function seenIn({ what, within, inSystem, up }: Rule, directory: string): Seen[] {
  const whole = `${directory}/`;
  const counts =
    (within === undefined || whole.includes(within)) &&
    (inSystem || !SYSTEM.test(whole)) &&
    !INSIDE_PACKAGE.test(whole);
  return counts ? [{ what, place: parent(directory, up) }] : [];
}

function parent(directory: string, up: number): string {
  if (directory === "") return "/";
  return up === 0 ? directory : parent(directory.slice(0, directory.lastIndexOf("/")), up - 1);
}
