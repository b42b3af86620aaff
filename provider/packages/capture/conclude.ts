import type { Detector, Findings, Want, World } from "./detector";
import { problemsReason } from "./problems";
import { type Result, type Results, takeOver } from "./results";
import type { FileTree } from "./tree/file-tree";
import { otherNames } from "./tree/other-names";
import { LOOP, NOWHERE } from "./tree/words";

/** Most names that are tried for all candidates of one detector. */
const MAX_NAMES = 1_000_000;

/** What a detector has after the pass. */
interface Pass<T> {
  all: Results<T>;
  /** Symbolic links in the place of a file, and where their results belong. */
  symlinks: ReadonlyMap<string, { want: Want; into: Map<string, Result<T>> }>;
  noted: ReadonlySet<string>;
  /** Why some candidates were not read; null if all were. */
  tooMany: string | null;
}

/**
 * Follows the links, then lets the detector conclude. The roots of what was found behind a link become real paths, so
 * that a package with two names is counted once.
 */
export function concluded<T>(detector: Detector<T>, world: World, pass: Pass<T>): Findings {
  const { tree } = world;
  followSymlinks(tree, pass);
  const behind = behindLinks(detector, tree, pass.all.candidates);
  const unclear = [pass.tooMany, behind === null ? TOO_MANY_NAMES : null, brokenLinks(detector, tree)];
  const reason = unclear.filter((text) => text !== null).join("; ");
  if (reason !== "") return { state: { state: "error", reason } };
  const files = new Map<string, T>();
  const problems = new Map<string, string>();
  for (const [path, result] of [...pass.all.wanted, ...(behind ?? [])]) {
    if ("problem" in result) problems.set(path, result.problem);
    else files.set(path, result.value);
  }
  const findings = detector.conclude({ files, problems, noted: pass.noted }, world);
  return behind?.size === 0 ? findings : withRealRoots(findings, tree);
}

const TOO_MANY_NAMES = `links give its files more than ${MAX_NAMES} names`;

function followSymlinks<T>(tree: FileTree, { all, symlinks }: Pass<T>): void {
  for (const [path, { want, into }] of symlinks) {
    const place = tree.resolve(path);
    const result: Result<T> =
      place.state === "real"
        ? takeOver(all, want, place.path, "symbolic")
        : { kind: want.kind, problem: `is a symbolic link that ${place.state === "loop" ? LOOP : NOWHERE}` };
    if (!("problem" in result && want.mayDangle)) {
      into.set(path, result);
    }
  }
}

/** The candidates that a symbolic link gives a wanted name, by the nearest such name. Null if there are too many names. */
function behindLinks<T>(
  detector: Detector<T>,
  tree: FileTree,
  candidates: ReadonlyMap<string, Result<T>>,
): Map<string, Result<T>> | null {
  const found = new Map<string, Result<T>>();
  const linksTo = (path: string): readonly string[] => tree.linksTo(path);
  let tried = 0;
  for (const [path, result] of candidates) {
    for (const name of otherNames(path, linksTo)) {
      if ((tried += 1) > MAX_NAMES) return null;
      if (detector.want(name)?.kind === result.kind) {
        found.set(name, result);
        break;
      }
    }
  }
  return found;
}

function brokenLinks<T>(detector: Detector<T>, tree: FileTree): string | null {
  const broken = tree
    .links()
    .filter((link) => detector.leads?.(link) === true && tree.resolve(link).state === "loop");
  return broken.length === 0 ? null : problemsReason(new Map(broken.map((link) => [link, LOOP])));
}

function withRealRoots(findings: Findings, tree: FileTree): Findings {
  const real = new Map<string, string>();
  const realOf = (root: string): string => {
    const place = tree.resolve(root);
    return place.state === "real" ? place.path : root;
  };
  const packages = findings.packages?.map((item) => {
    const { root } = item;
    if (root === undefined) return item;
    if (!real.has(root)) real.set(root, realOf(root));
    return { ...item, root: real.get(root) };
  });
  return { ...findings, packages };
}
