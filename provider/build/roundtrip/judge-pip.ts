import { cantTell, gone, outOfOrder, said, type Judgement } from "./judgement";
import { conflictSides, projectName } from "./pip-conflict";

/** What is known from the first build, in which the same RUN went well. */
export interface FirstBuild {
  /** Its log. */
  log: string;
}

/** The variable that makes pip say which index it asked for a project, and what that index answered. */
export const PIP_VERBOSE = { PIP_VERBOSE: "3" };

const ABSENT = /^ERROR: No matching distribution found for (\S+)/;
const IMPOSSIBLE = /^ERROR: ResolutionImpossible/;
const FILE =
  /^ERROR: (?:HTTP error )?(\d{3})(?: Client Error: .*? for url:| Server Error: .*? for url:| while getting) (\S+)/;
const ASKED = /^ *(?:Getting page|Fetching project page and analyzing links:) (\S+)$/;
const SEARCHED = /^ *\d+ location\(s\) to search for versions of (\S+):$/;
const NOT_FETCHED = /^ *Could not fetch URL (\S+): (.*?)(?: - skipping)?$/;
const UNTRUSTED = /The repository located at (\S+) is not a trusted or secure host/;
const FOUND = /^ *Found link \S+ \(from (\S+)\)(?:\s.*)?, version: (\S+)$/;
/** Signs that an index did not answer, which pip shows without being asked. */
const TROUBLE =
  /^(?:WARNING: )?(?:Retrying \(Retry\(|Could not fetch URL)|(?:NewConnectionError|\wTimeoutError|ProxyError|SSLError)\(/;

/** What pip was told by the indexes that it asked for one project. */
interface Asked {
  pages: string[];
  /** Pages that were not read, with the reason. */
  failed: string[];
  versions: Set<string>;
}

function askedFor(lines: readonly string[], project: string): Asked {
  const asked: Asked = { pages: [], failed: [], versions: new Set() };
  // A page of links (--find-links) has the files of many projects, so what counts is for which one it was asked.
  let current: string | null = null;
  const isOwn = (page: string): boolean =>
    current === project || projectName(page.replace(/\/$/, "").split("/").at(-1) ?? "") === project;
  for (const line of lines) {
    const searched = SEARCHED.exec(line)?.[1];
    if (searched !== undefined) current = projectName(searched);
    const page = ASKED.exec(line)?.[1];
    if (page !== undefined && isOwn(page) && !asked.pages.includes(page)) asked.pages.push(page);
    const [, url, why = ""] = NOT_FETCHED.exec(line) ?? [];
    // 404 and 410 are an index's answer that it does not have the project.
    if (url !== undefined && isOwn(url) && !/^(?:404|410) Client Error/.test(why)) asked.failed.push(line);
    if (UNTRUSTED.test(line)) asked.failed.push(line);
    const [, from = "", version = ""] = FOUND.exec(line) ?? [];
    if (from !== "" && isOwn(from)) asked.versions.add(version);
  }
  return asked;
}

/** Whether the first build installed this version, too. Then the recipe asks for it again, and that is no change. */
function installedAtFirst({ log }: FirstBuild, project: string, version: string): boolean {
  return log
    .split("\n")
    .filter((line) => line.includes("Successfully installed "))
    .some((line) =>
      line
        .slice(line.indexOf("Successfully installed "))
        .split(/\s+/)
        .some(
          (word) =>
            word.endsWith(`-${version}`) && projectName(word.slice(0, -version.length - 1)) === project,
        ),
    );
}

const list = (versions: ReadonlySet<string>): string => {
  const last = [...versions].slice(-5).join(", ");
  return versions.size === 0 ? "it has none" : `it has ${versions.size > 5 ? "…, " : ""}${last}`;
};

/** Why a version was not found: the project's own indexes don't have it, or one of them did not answer. */
function judgeMissing(lines: readonly string[], project: string, version: string | null): Judgement | null {
  const { pages, failed, versions } = askedFor(lines, project);
  const name = version === null ? project : `${project} ${version}`;
  if (failed.length > 0)
    return outOfOrder(`the index that pip asked for ${name} did not answer: ${said(failed)}`);
  if (pages.length === 0 || (version !== null && versions.has(version))) return null;
  const where = pages.join(" and ");
  return gone(`pip can't get ${name}: ${where} answered, and does not have it (${list(versions)})`);
}

function judgeConflict(lines: readonly string[], first: FirstBuild | null): Judgement {
  const sides = conflictSides(lines).filter(({ by }) => by === null);
  for (const { project, version: locked } of sides.filter(({ constraint }) => constraint)) {
    const other = sides.find(
      (side) =>
        !side.constraint && side.project === project && side.version !== null && side.version !== locked,
    );
    if (other === undefined || locked === null || other.version === null) continue;
    const where = other.from === null ? "" : ` from ${other.from}`;
    const words = `pip is to install ${project} ${other.version}${where}, and the lock has ${project} ${locked}`;
    if (first === null || installedAtFirst(first, project, other.version)) return cantTell(words);
    return gone(words);
  }
  const judged = sides
    .filter(({ constraint }) => constraint)
    .map(({ project, version }) => judgeMissing(lines, project, version));
  const proven = judged.find((one) => one?.answer === "out of order") ?? judged.find((one) => one !== null);
  return (
    proven ??
    cantTell(`pip says that the locked versions do not go together: ${said(sides.map(({ line }) => line))}`)
  );
}

const isFailure = (line: string): boolean => ABSENT.test(line) || IMPOSSIBLE.test(line) || FILE.test(line);

/** Where pip last said that something can't be had; -1: nowhere. */
export const pipFailedAt = (lines: readonly string[]): number => lines.findLastIndex(isFailure);

/** Whether only an attempt with PIP_VERBOSE can show why pip failed. */
export function mayAskAgain(lines: readonly string[], first: FirstBuild | null): boolean {
  const last = lines.findLast(isFailure);
  if (last === undefined || FILE.test(last)) return false;
  return ABSENT.test(last) || judgeConflict(lines, first).answer !== "gone";
}

/**
 * Judges a RUN in which pip failed by what pip said about the one project that it failed for. Only the log of an attempt
 * with PIP_VERBOSE says which index was asked; an index that answers 500 or 403 looks otherwise like one that does not
 * have the project. Null: pip did not say that anything can't be had.
 */
export function judgePip(lines: readonly string[], first: FirstBuild | null): Judgement | null {
  const last = lines.findLast(isFailure);
  if (last === undefined) return null;
  const [, status, url = ""] = FILE.exec(last) ?? [];
  if (status !== undefined) {
    const words = `${url} answered pip with ${status}`;
    return status === "404" || status === "410" ? gone(words) : outOfOrder(words);
  }
  if (IMPOSSIBLE.test(last)) return judgeConflict(lines, first);
  const wanted = ABSENT.exec(last)?.[1] ?? "";
  const version = /==([^=,;*\s]+)$/.exec(wanted)?.[1] ?? null;
  const judged = judgeMissing(lines, projectName(wanted), version);
  if (judged !== null) return judged;
  // Without PIP_VERBOSE: a list of versions shows that an index answered, if it is the only one and had no trouble.
  const read = lines.findLast((line) => line.includes("(from versions: ")) ?? "";
  const several = lines.some((line) => /^Looking in (?:indexes: \S+, |links: )/.test(line));
  const trouble = lines.filter((line) => TROUBLE.test(line));
  if (trouble.length > 0) return outOfOrder(`pip's index did not answer: ${said(trouble)}`);
  if (!read.includes("(from versions: none)") && read !== "" && !several) return gone(said([read, last]));
  return cantTell(
    `pip found no version that fits, and nothing shows that its index answered: ${said([last])}`,
  );
}
