import { visible } from "../compare/visible";
import type { Lock } from "../lock/types";
import { filesOfVersion, type IndexFile } from "./index-files";
import { isPythonName } from "./python-version";
import { pythonPackages } from "./requirements";

/** A TOML basic string (TOML 1.0): JSON's escapes are all TOML's, and DEL needs one too. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

const artifact = ({ name, url, sha256 }: IndexFile): string =>
  `{ name = ${quoted(name)}, url = ${quoted(url)}, hashes = { sha256 = ${quoted(sha256)} } }`;

/** Names of the Python distributions that a pylock asks the index for. */
export function pylockNames(lock: Lock, root?: string): string[] {
  return pythonPackages(lock, root)
    .map(({ name }) => name)
    .filter(isPythonName);
}

/**
 * The Python distributions of an image as a pylock.toml (PEP 751): each at the lock's version, with the files that an
 * index has of that version. A lock knows what was installed, and not from which file; so the files are the index's. What
 * the index does not have stands in a comment, so that nothing is missing silently.
 *
 * @param files name to the files of the project's page
 * @throws {ViewError} when one distribution stands in two directories with two versions
 */
export function pylock(
  lock: Lock,
  files: ReadonlyMap<string, readonly IndexFile[]>,
  tool: { name: string; version: string },
  root?: string,
): string {
  const entries = pythonPackages(lock, root).map(({ name, version }) => {
    const { wheels, sdist } = filesOfVersion(files.get(name) ?? [], version);
    if (wheels.length === 0 && sdist === null) {
      return `# ${visible(`${name} ${version}`)}: the index has no file of it with a sha256`;
    }
    return [
      "[[packages]]",
      `name = ${quoted(name)}`,
      `version = ${quoted(version)}`,
      ...(sdist === null ? [] : [`sdist = ${artifact(sdist)}`]),
      ...(wheels.length === 0 ? [] : ["wheels = [", ...wheels.map((file) => `  ${artifact(file)},`), "]"]),
    ].join("\n");
  });
  const tables = entries.filter((entry) => !entry.startsWith("#"));
  const comments = entries.filter((entry) => entry.startsWith("#"));
  return [
    [...comments, 'lock-version = "1.0"', `created-by = ${quoted(`${tool.name} ${tool.version}`)}`].join(
      "\n",
    ),
    ...(tables.length === 0 ? ["packages = []"] : tables),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n");
}
