import { visible } from "../../base/words/visible";
import type { Lock } from "../lock/types";
import { filesOfVersion, type IndexFile } from "./index-files";
import { isPythonName } from "./python-version";
import { pythonPackages } from "./requirements";

/** A TOML basic string (TOML 1.0). All escapes of JSON are valid in TOML, which needs one for DEL too. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("\u007f", "\\u007f");

const artifact = ({ name, url, sha256 }: IndexFile): string =>
  `{ name = ${quoted(name)}, url = ${quoted(url)}, hashes = { sha256 = ${quoted(sha256)} } }`;

/** Names of the Python distributions for which a pylock needs the index. */
export function pylockNames(lock: Lock, root?: string): string[] {
  return pythonPackages(lock, root)
    .map(({ name }) => name)
    .filter(isPythonName);
}

/**
 * Writes the Python distributions of an image as a pylock.toml (PEP 751): each at the version in the lock, with the
 * files that the index has of that version. A lock does not know from which file a distribution was installed. If the
 * index has no file, a comment says so, so that nothing is missing without notice.
 *
 * @param files the files on each project's page, by project name
 * @throws {ViewError} when one distribution is in two directories with two versions
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
