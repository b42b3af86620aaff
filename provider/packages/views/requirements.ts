import { isInImage } from "../lock/transient";
import { isSameVersion } from "../compare/version-key";
import { visible } from "../../base/words/visible";
import type { Lock, LockedPackage } from "../lock/types";
import { VerifiedImagesError } from "../../base/errors/base";
import { isPythonName, isPythonVersion } from "./python-version";

/** A format can't express this lock. The message says what to choose instead. */
export class ViewError extends VerifiedImagesError {
  constructor(message: string) {
    super("view", message);
  }
}

/**
 * Writes the Python distributions of an image as a requirements file with exact versions. If pip could not read a name
 * or version, it is in a comment, so that nothing is missing without notice.
 *
 * @param root a directory of the image; only distributions in it are written. Default: all
 * @throws {ViewError} when one distribution is in two directories with two versions, which a requirements file can't
 *   express
 */
export function requirements(lock: Lock, root?: string): string {
  const lines = pythonPackages(lock, root).map(lineOf);
  if (lines.length === 0) return "# no Python distributions\n";
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * The Python distributions of an image, each once.
 *
 * @param root a directory of the image; only distributions in it count. Default: all
 * @throws {ViewError} when that directory has none, or when one distribution is in two directories with two versions
 */
export function pythonPackages(lock: Lock, root?: string): LockedPackage[] {
  const items = lock.packages.filter(
    (item) => item.ecosystem === "pip" && isInImage(item) && (root === undefined || item.root === root),
  );
  if (root !== undefined && items.length === 0) {
    throw new ViewError(`the lock has no Python distribution in ${root}${rootsOf(lock)}`);
  }
  const found = new Map<string, LockedPackage>();
  for (const item of items) {
    const known = found.get(item.name);
    if (known !== undefined && !isSameVersion(known, item)) {
      throw new ViewError(
        `${item.name} is installed twice: ${placeOf(known)} and ${placeOf(item)}; no requirements file can say ` +
          "that, so choose one directory",
      );
    }
    found.set(item.name, item);
  }
  return [...found.values()];
}

function lineOf({ name, version }: LockedPackage): string {
  if (isPythonName(name) && isPythonVersion(version)) return `${name}==${version}`;
  return `# ${visible(`${name} ${version}`)}: pip knows no such name or version`;
}

function placeOf({ version, root }: LockedPackage): string {
  return `${version} in ${root ?? "the system"}`;
}

function rootsOf(lock: Lock): string {
  const found = lock.packages.filter(({ ecosystem, stage }) => ecosystem === "pip" && stage === undefined);
  const roots = [...new Set(found.map(({ root }) => root ?? ""))].filter((root) => root !== "");
  return roots.length === 0 ? "" : `; it has some in ${roots.join(", ")}`;
}
