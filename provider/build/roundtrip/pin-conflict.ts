import { withoutUserinfo } from "../../engines/docker/endpoint";
import type { Lock } from "../../packages/lock/types";
import { said } from "./judgement";
import { npmOutsideLock } from "./outside-lock";
import { conflictSides, type Side } from "./pip-conflict";
import { clipped } from "./quoted";

/** What a failed step asked for and the pins do not allow. */
export interface PinConflict {
  /** A sentence without its full stop. */
  words: string;
  /** What it is about, as a drift names it: `npm:left`. `pip:` is any package of pip. */
  names: string[];
  /** npm packages that the lock does not have in any version. */
  outside: string[];
  /** Whether npm refused a project's locked lock file. */
  lockFile: boolean;
}

/** How many characters are repeated of what was asked for. */
const SHOWN = 300;
const OUT_OF_STEP =
  /^npm (?:ERR!|error) .*can only install packages when your package\.json and package-lock\.json /;
const IMPOSSIBLE =
  /^ERROR: (?:Cannot install .* because these package versions have conflicting|ResolutionImpossible)/;
const STEP_DETAIL =
  /^npm (?:ERR!|error) (?:Invalid: lock file's |Missing: )((?:@[^@\s/]+\/)?[^@\s/]+)@\S+ (?:does not satisfy|from lock file)/;

const versionsOf = (lock: Lock, ecosystem: "npm" | "pip", wanted: string): string[] => [
  ...new Set(
    lock.packages
      .filter((item) => item.ecosystem === ecosystem && item.name === wanted)
      .map(({ version }) => version),
  ),
];

function npmConflict(lines: readonly string[], lock: Lock): PinConflict | null {
  const asked = npmOutsideLock(lines);
  const [first] = asked;
  if (first !== undefined) {
    const known = versionsOf(lock, "npm", first.name);
    const has = known.length === 0 ? ", which the lock does not have" : `, and the lock has ${first.name} `;
    const wanted = clipped(withoutUserinfo(`${first.name} ${first.wanted}`), SHOWN);
    return {
      words: `npm is to install ${wanted}${has}${known.join(" and ")}`,
      names: asked.map(({ name }) => `npm:${name}`),
      outside: asked.map(({ name }) => name).filter((name) => versionsOf(lock, "npm", name).length === 0),
      lockFile: false,
    };
  }
  if (!lines.some((line) => OUT_OF_STEP.test(line))) return null;
  const details = lines.filter((line) => STEP_DETAIL.test(line));
  return {
    words: `npm's project does not go with its locked lock file: ${said(details)}`,
    names: details.map((line) => `npm:${STEP_DETAIL.exec(line)?.[1] ?? ""}`),
    outside: [],
    lockFile: true,
  };
}

function pipWords({ by, wanted, project, version, from }: Side, locked: string): string {
  const lock = `and the lock has ${project} ${locked}`;
  if (by !== null) return `${by} depends on ${wanted}, ${lock}`;
  if (version === null) return `pip is to install ${wanted}, ${lock}`;
  return `pip is to install ${project} ${version}${from === null ? "" : ` from ${from}`}, ${lock}`;
}

/** With `--quiet` pip does not say what the conflict is about. */
function quietConflict(lines: readonly string[]): PinConflict | null {
  const told = lines.filter((line) => IMPOSSIBLE.test(line));
  if (told.length === 0) return null;
  const words = `pip says that the locked versions do not go together: ${said(told)}`;
  return { words, names: ["pip:"], outside: [], lockFile: false };
}

function pipConflict(lines: readonly string[], lock: Lock): PinConflict | null {
  const sides = conflictSides(lines);
  const found = sides
    .filter(({ constraint }) => constraint)
    .flatMap((pin) => {
      const { version: locked } = pin;
      if (locked === null || !versionsOf(lock, "pip", pin.project).includes(locked)) return [];
      const other = sides.find(
        ({ constraint, project, version, wanted }) =>
          !constraint && project === pin.project && version !== locked && /[^A-Za-z0-9._-]/.test(wanted),
      );
      return other === undefined ? [] : [{ project: pin.project, words: pipWords(other, locked) }];
    });
  const [first] = found;
  if (first === undefined) return sides.length === 0 ? quietConflict(lines) : null;
  return {
    words: clipped(withoutUserinfo(first.words), SHOWN),
    names: found.map(({ project }) => `pip:${project}`),
    outside: [],
    lockFile: false,
  };
}

/** What the pins forbid of that for which a step failed, by what the tool said. Null: it did not fail for them. */
export function pinConflict(lines: readonly string[], lock: Lock): PinConflict | null {
  return npmConflict(lines, lock) ?? pipConflict(lines, lock);
}
