import { compare as comparePython, explain, satisfies, valid as isPython } from "@renovatebot/pep440";
import semver from "semver";
import { z } from "zod";

/** The newest release of a project, and the newest that keeps the locked major version. */
export interface Newest {
  newest: string;
  compatible: string | null;
}

/** A file of a Python project on its index. */
export interface PythonFile {
  name: string;
  yanked: boolean;
  /** Which Pythons it is for (PEP 345, Requires-Python); null: any. */
  requires: string | null;
}

/** Longer texts are no version. The readers of versions need much time for them. */
const LONGEST = 255;
const parsed = (version: string): ReturnType<typeof explain> =>
  version.length > LONGEST ? null : explain(version);

const page = z.object({
  files: z.array(
    z.object({
      filename: z.string(),
      yanked: z.union([z.boolean(), z.string()]).optional(),
      "requires-python": z.string().nullish(),
    }),
  ),
});

/** An HTML page's text in an attribute. */
const plain = (text: string): string =>
  text.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** The files of a project's page: JSON (PEP 691) or HTML (PEP 503, PEP 592). */
export function pythonFiles(body: string): PythonFile[] {
  if (body.trimStart().startsWith("{")) {
    return page.parse(JSON.parse(body)).files.map((file) => ({
      name: file.filename,
      yanked: file.yanked !== undefined && file.yanked !== false,
      requires: file["requires-python"] ?? null,
    }));
  }
  const files: PythonFile[] = [];
  for (const part of body.split(/<a\s/i).slice(1)) {
    const [attributes = "", ...text] = (part.split(/<\/a>/i, 1)[0] ?? "").split(/"\s*>|'\s*>/);
    const requires = /data-requires-python\s*=\s*["']([^"']*)/i.exec(attributes)?.[1];
    files.push({
      name: text.join("").trim(),
      yanked: /data-yanked/i.test(attributes),
      requires: requires === undefined ? null : plain(requires),
    });
  }
  return files;
}

/** The version in a file's name: the second part of a wheel's (PEP 427), the last of an sdist's (PEP 625). */
function versionIn(name: string): string | null {
  const version = name.endsWith(".whl")
    ? name.split("-")[1]
    : /^.+-([^-]+)\.(?:tar\.gz|zip)$/.exec(name)?.[1];
  if (version === undefined || version.length > LONGEST) return null;
  return isPython(version) === null ? null : version;
}

/** Whether a file is for a Python of which only `3.11` is known. Null: the Python is not known. */
function isFor({ requires }: PythonFile, python: string | null): boolean {
  if (requires === null || requires === "" || requires.length > LONGEST || python === null) return true;
  try {
    return satisfies(`${python}.99`, requires);
  } catch {
    return true;
  }
}

/**
 * The newest versions of a Python project that pip would take: no version before a release (PEP 440), none that was yanked
 * (PEP 592), none for other Pythons.
 *
 * @param python as the path of its packages names it: `3.11`
 */
export function newestPython(
  files: readonly PythonFile[],
  locked: string,
  python: string | null,
): Newest | null {
  const versions = new Set<string>();
  const wantsEarly = parsed(locked)?.is_prerelease === true;
  for (const file of files) {
    const version = versionIn(file.name);
    if (version === null || file.yanked || !isFor(file, python)) continue;
    if (wantsEarly || parsed(version)?.is_prerelease !== true) versions.add(version);
  }
  const sorted = [...versions].sort(comparePython);
  const newest = sorted.at(-1);
  if (newest === undefined) return null;
  const major = parsed(locked)?.release[0];
  const compatible = sorted.findLast((version) => parsed(version)?.release[0] === major);
  return { newest, compatible: compatible ?? null };
}

const packument = z.object({
  "dist-tags": z.object({ latest: z.string() }).partial().optional(),
  versions: z.record(z.string(), z.unknown()),
});

/** The newest versions of an npm package: its tag `latest`, and the newest in the caret range of the locked one. */
export function newestNpm(body: string, locked: string): Newest | null {
  const { versions, ...document } = packument.parse(JSON.parse(body));
  const latest = document["dist-tags"]?.latest;
  if (latest === undefined) return null;
  // Whoever asked for a version beyond the tag gets no older one.
  const newest =
    semver.valid(locked) !== null && semver.valid(latest) !== null && semver.gt(locked, latest)
      ? locked
      : latest;
  const range = semver.valid(locked) === null ? null : `^${locked}`;
  return {
    newest,
    compatible: range === null ? null : semver.maxSatisfying(Object.keys(versions), range),
  };
}
