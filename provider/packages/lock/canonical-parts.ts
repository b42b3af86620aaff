import { buildOf } from "./locked-build";
import { byKeys, compareText } from "./order";
import type {
  Lock,
  LockedBase,
  LockedBuild,
  LockedPackage,
  LockedProject,
  LockedReplacement,
  PackageSource,
  Unpinned,
} from "./types";

/**
 * The parts of a lock, in any order. They may contain duplicates, and fields that a lock does not have. Without what a build
 * from the lock needs, it is a lock of schema 2.
 */
export interface LockParts extends Partial<LockedBuild> {
  bases: readonly LockedBase[];
  packages: readonly LockedPackage[];
  sources: readonly PackageSource[];
  unpinned: readonly Unpinned[];
  /** Default: none. */
  notCaptured?: readonly string[];
}

const baseOrder = byKeys<LockedBase>(
  (base) => base.reference,
  (base) => base.digest,
);
const packageOrder = byKeys<LockedPackage>(
  (item) => item.stage,
  (item) => (item.transient ? 1 : 0),
  (item) => item.ecosystem,
  (item) => item.root,
  (item) => item.name,
  (item) => item.arch,
  (item) => item.version,
  (item) => item.hash,
  (item) => item.run ?? 0,
);
const sourceOrder = byKeys<PackageSource>(
  (source) => source.ecosystem,
  (source) => source.entry,
);
const unpinnedOrder = byKeys<Unpinned>(
  (item) => item.line,
  (item) => item.kind,
  (item) => item.text,
  (item) => item.reason,
);

const projectOrder = byKeys<LockedProject>(
  (item) => item.stage,
  (item) => item.root,
  (item) => item.run ?? 0,
);
const replacementOrder = byKeys<LockedReplacement>(
  (item) => item.stage,
  (item) => item.run,
  (item) => item.name,
);

/**
 * The canonical form of a lock. Only the fields of the schema stay. Empty optional fields and exact duplicates are
 * removed. Lists are sorted by code point: bases by reference; packages by stage, transient, ecosystem, root, name,
 * arch, version, hash and run, those of the final image first; sources by ecosystem and entry; unpinned by line, kind and
 * text; notCaptured by its text; npm's projects by stage, root and run; what was replaced by stage, run and name. The recipe's
 * instructions stay in its order.
 */
export function canonicalParts(parts: LockParts): Lock {
  const build = buildOf(parts);
  return {
    schema: build === null ? 2 : 3,
    bases: distinct(
      parts.bases.map(({ reference, digest }) => ({ reference, digest })),
      baseOrder,
    ),
    packages: distinct(parts.packages.map(canonicalPackage), packageOrder),
    sources: distinct(
      parts.sources.map(({ ecosystem, entry }) => ({ ecosystem, entry })),
      sourceOrder,
    ),
    unpinned: distinct(
      parts.unpinned.map(({ line, kind, text, reason }) => ({ line, kind, text, reason })),
      unpinnedOrder,
    ),
    notCaptured: distinct([...(parts.notCaptured ?? [])], compareText),
    ...(build === null ? {} : canonicalBuild(build)),
  };
}

function canonicalBuild(build: LockedBuild): LockedBuild {
  return {
    recipe: build.recipe.map(({ instruction, hash }) => ({ instruction, hash })),
    ...(isSet(build.target) ? { target: build.target } : {}),
    platform: build.platform,
    npmProjects: distinct(
      build.npmProjects.map(({ root, stage, run, text }) => ({
        ...{ root, text },
        ...(isSet(stage) ? { stage } : {}),
        ...(run === undefined ? {} : { run }),
      })),
      projectOrder,
    ),
    replaced: distinct(
      build.replaced.map(({ stage, run, name, versions }) => ({
        ...{ run, name, versions },
        ...(isSet(stage) ? { stage } : {}),
      })),
      replacementOrder,
    ),
    incomplete: distinct([...build.incomplete], compareText),
    unordered: distinct([...build.unordered], compareText),
  };
}

function canonicalPackage({
  ecosystem,
  name,
  version,
  arch,
  root,
  hash,
  stage,
  transient,
  run,
}: LockedPackage): LockedPackage {
  const item: LockedPackage = { ecosystem, name, version };
  if (isSet(arch)) item.arch = arch;
  if (isSet(root)) item.root = root;
  if (isSet(hash)) item.hash = hash;
  if (isSet(stage)) item.stage = stage;
  if (transient) item.transient = true;
  if (transient && run !== undefined) item.run = run;
  return item;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

function distinct<T>(items: T[], order: (a: T, b: T) => number): T[] {
  items.sort(order);
  return items.filter((item, at) => at === 0 || order(items[at - 1] as T, item) !== 0);
}
