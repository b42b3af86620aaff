import { setting } from "./git";

/** What keeps the filters of a work tree's own configuration from running. */
export interface Quieted {
  /** Options for git: these filters have no program. */
  settings: string[];
  /** Names of filters without which git can't say whether a file was changed. */
  drivers: ReadonlySet<string>;
  /** A filter whose name can't be given to git; null: there is none. */
  unnameable: string | null;
}

/** Scopes of a configuration that come with a work tree. The others are the user's and the machine's. */
const OF_WORK_TREE = ["local", "worktree"];

const PARTS = ["clean", "process", "required"] as const;
type Part = (typeof PARTS)[number];

/** A filter's parts as the user and the machine set them, and which of them the work tree sets. */
interface Driver {
  trusted: Partial<Record<Part, string>>;
  own: Set<Part>;
}

/** The filters that a configuration has (`git config --list --show-scope -z`). */
function driversIn(listed: string): Map<string, Driver> {
  const drivers = new Map<string, Driver>();
  const fields = listed.split("\0");
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope = "", entry = ""] = fields.slice(at, at + 2);
    const [, name, part, value] = /^filter\.(.*)\.([a-z]+)(?:\n(.*))?$/s.exec(entry) ?? [];
    const known = PARTS.find((one) => one === part);
    if (name === undefined || known === undefined) continue;
    const driver = drivers.get(name) ?? { trusted: {}, own: new Set() };
    drivers.set(name, driver);
    if (OF_WORK_TREE.includes(scope)) driver.own.add(known);
    // A name without a value is git's way to say true.
    else driver.trusted[known] = value ?? "true";
  }
  return drivers;
}

/**
 * Takes the programs away that the work tree's own configuration names for filters. A filter that the user's or the
 * machine's configuration defines stays as that defines it.
 *
 * @param listed the output of `git config --list --show-scope -z`
 */
export function quieted(listed: string): Quieted {
  const quiet = { settings: [] as string[], drivers: new Set<string>(), unnameable: null as string | null };
  for (const [name, { trusted, own }] of driversIn(listed)) {
    if (own.size === 0) continue;
    if (name.includes("=")) quiet.unnameable = name;
    // With an empty `process` git does not run `clean`, so a trusted `clean` only stays without one.
    const stays = trusted.process !== undefined || (trusted.clean !== undefined && !own.has("process"));
    const values = stays ? { required: "false", ...trusted } : { clean: "", process: "", required: "false" };
    for (const [part, value] of Object.entries(values)) {
      quiet.settings.push(...setting(`filter.${name}.${part}=${value}`));
    }
    if (!stays) quiet.drivers.add(name);
  }
  return quiet;
}
