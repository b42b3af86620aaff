import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { messageOf } from "../../base/errors/message";
import type { PackageSource } from "../../packages/lock/types";
import {
  addCandidates,
  indexFolders,
  parseAptSource,
  priorityOf,
  releasePath,
  type AptSuite,
  type Candidate,
} from "../../packages/upstream/apt-archive";
import { httpGet } from "../http-get";

/** An index of 50 MB is a large one. More than this is an error. */
const MAX_BYTES = 512 * 1024 * 1024;
const unzip = promisify(gunzip);

/** What all archives have together. */
export interface AptAnswer {
  candidates: Map<string, Candidate>;
  /** Why an archive could not be read, one sentence each. */
  unread: string[];
}

/** A file of an archive; null: it answers that it has none. */
type Fetch = (url: URL) => Promise<Buffer | null>;

function fetchWith(ca: string | undefined, signal: AbortSignal): Fetch {
  return async (url) => {
    const { status, body } = await httpGet(url, { ca, maxBytes: MAX_BYTES, signal });
    if (status === 404 || status === 410) return null;
    if (status !== 200) throw new Error(`${url.href} answers with ${status}`);
    return body;
  };
}

/** An index in the forms in which archives publish it; null: the archive has none. */
async function packagesIn(fetch: Fetch, folder: URL): Promise<string | null> {
  const zipped = await fetch(new URL("Packages.gz", folder));
  if (zipped !== null) return (await unzip(zipped, { maxOutputLength: MAX_BYTES })).toString("utf8");
  const text = await fetch(new URL("Packages", folder));
  return text?.toString("utf8") ?? null;
}

async function readSuite(
  fetch: Fetch,
  source: AptSuite,
  arches: readonly (string | undefined)[],
  own: string,
  candidates: Map<string, Candidate>,
): Promise<void> {
  const release = (await fetch(new URL(releasePath(source), source.uri)))?.toString("utf8") ?? "";
  for (const arch of arches) {
    const architecture = arch ?? own;
    if (source.architectures !== null && !source.architectures.includes(architecture)) continue;
    for (const folder of indexFolders(source, architecture)) {
      const index = await packagesIn(fetch, new URL(folder, source.uri));
      if (index === null) throw new Error(`it has no index ${folder}Packages.gz`);
      addCandidates(candidates, index, priorityOf(release), arch);
    }
  }
}

/**
 * Reads the indexes of the Debian archives that a lock names. Signatures are not checked: the answer is information, and nothing
 * is installed.
 *
 * @param own the image's architecture, as Debian calls it
 * @param foreign the other architectures that the lock has packages of
 */
export async function askApt(
  sources: readonly PackageSource[],
  own: string,
  foreign: readonly string[],
  options: { ca: string | undefined; signal: AbortSignal },
): Promise<AptAnswer> {
  const fetch = fetchWith(options.ca, options.signal);
  const candidates = new Map<string, Candidate>();
  const suites = sources.flatMap(({ ecosystem, entry }) =>
    ecosystem === "dpkg" ? (parseAptSource(entry) ?? []) : [],
  );
  const unread: string[] = [];
  const work = suites.map(async (source) => {
    const where = `${source.uri} ${source.suite}`;
    try {
      if (!/^https?:\/\//.test(source.uri)) throw new Error("only http and https can be asked");
      await readSuite(fetch, source, [undefined, ...foreign], own, candidates);
    } catch (error) {
      unread.push(`the archive ${where} could not be read: ${messageOf(error)}`);
    }
  });
  await Promise.all(work);
  if (suites.length === 0) unread.push("the lock names no archive of Debian packages");
  return { candidates, unread: unread.sort() };
}
