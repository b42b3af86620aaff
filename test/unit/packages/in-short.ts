import assert from "node:assert/strict";
import { makeLock } from "../../../provider/packages/lock/make";
import { type Drift, ECOSYSTEMS, type Lock, type LockedPackage } from "../../../provider/packages/lock/types";

const SHORT =
  /^(\w+):(.+?)(?::(\w+))?@([^@ ]+)(?: in (\S+))?(?: #(\S+))?(?: of (\S+))?( gone)?(?: until (\d+))?$/;

/** A package from `dpkg:libc6:i386@2.36`, `pip:six@1 in /venv`, `dpkg:gcc@1 #sha256:a of builder gone until 2`. */
export function packageOf(short: string): LockedPackage {
  const [, known, name = "", arch, version = "", root, hash, stage, gone, run] = SHORT.exec(short) ?? [];
  const ecosystem = ECOSYSTEMS.find((one) => one === known);
  assert.ok(ecosystem, `no package: ${short}`);
  return {
    ecosystem,
    name,
    version,
    ...(arch && { arch }),
    ...(root && { root }),
    ...(hash && { hash }),
    ...(stage && { stage }),
    ...(gone && { transient: true }),
    ...(run && { run: Number(run) }),
  };
}

export const packagesOf = (...shorts: string[]): LockedPackage[] => shorts.map(packageOf);

/** A package as {@link packageOf} reads it. */
export function inShort(item: LockedPackage): string {
  const more = [
    item.root && ` in ${item.root}`,
    item.hash && ` #${item.hash}`,
    item.stage && ` of ${item.stage}`,
  ];
  const name = `${item.ecosystem}:${item.name}${item.arch ? `:${item.arch}` : ""}@${item.version}`;
  return [name, ...more, item.transient && " gone", item.run && ` until ${item.run}`]
    .filter(Boolean)
    .join("");
}

/** A lock with these packages and nothing else. */
export const lockOf = (...shorts: string[]): Lock =>
  makeLock({ bases: [], packages: packagesOf(...shorts), sources: [], unpinned: [] });

/** A drift from lines: `~ dpkg:curl | 1 -> 2`, `+ pip:six | 1`, `- npm:a | 1`. */
export function driftOf(...lines: string[]): Drift {
  const parsed = lines.map((line) => /^([~+-]) (.+) \| (.+?)(?: -> (.+))?$/.exec(line) ?? assert.fail(line));
  const listed = (mark: string): { name: string; version: string }[] =>
    parsed.filter((found) => found[1] === mark).map(([, , name = "", version = ""]) => ({ name, version }));
  const changed = parsed.filter((found) => found[1] === "~");
  return {
    changed: changed.map(([, , name = "", from = "", to = ""]) => ({ name, from, to })),
    added: listed("+"),
    removed: listed("-"),
  };
}
