import { InputError } from "../provider/inputs/failure";
import { privateBundle } from "../provider/recipe/ca-bundle/bundle";
import { VerifiedImagesError } from "../provider/base/errors/base";
import { messageOf } from "../provider/base/errors/message";
import { httpGet } from "../provider/engines/http-get";
import { indexFiles, type IndexFile } from "../provider/packages/views/index-files";

/** pip's own variable for the index, and pip's default. */
export const INDEX_VARIABLE = "PIP_INDEX_URL";
const DEFAULT_INDEX = "https://pypi.org/simple/";

const MAX_BYTES = 64 * 1024 * 1024;
/** How many pages are asked for at the same time. */
const AT_ONCE = 8;
/** JSON (PEP 691) if the index has it, otherwise HTML (PEP 503). */
const ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5";

/** A package index does not answer, or not as one should. So it is not known which files it has. */
export class PackageIndexError extends VerifiedImagesError {
  constructor(name: string, index: string, detail: string) {
    super("package-index", `the package index ${index} can't be asked for ${name}: ${detail}`);
  }
}

/**
 * The address of the package index: from the flag, else from the environment, else PyPI.
 *
 * @throws {InputError} when it is no http(s) address
 */
export function indexUrl(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): URL {
  const text = flag ?? env[INDEX_VARIABLE] ?? DEFAULT_INDEX;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const reason = `expected the http(s) address of a package index (else ${INDEX_VARIABLE})`;
    throw new InputError([{ property: "--index", reason }]);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

async function project(index: URL, name: string, ca: string | undefined): Promise<IndexFile[]> {
  const shown = `${index.protocol}//${index.host}${index.pathname}`;
  const url = new URL(`${name}/`, index);
  const reply = await httpGet(url, { accept: ACCEPT, ca, maxBytes: MAX_BYTES }).catch((error: unknown) => {
    throw new PackageIndexError(name, shown, messageOf(error));
  });
  if (reply.status === 404) return [];
  if (reply.status !== 200) throw new PackageIndexError(name, shown, `it answers with ${reply.status}`);
  try {
    return indexFiles(reply.body.toString("utf8"), reply.url.href);
  } catch (error) {
    throw new PackageIndexError(name, shown, messageOf(error));
  }
}

/**
 * The files that an index has of some projects. A project that it does not have gets an empty list.
 *
 * @throws {PackageIndexError} when it does not answer
 */
export async function askIndex(index: URL, names: readonly string[]): Promise<Map<string, IndexFile[]>> {
  const ca = index.protocol === "https:" ? ((await privateBundle()) ?? undefined) : undefined;
  const found = new Map<string, IndexFile[]>();
  const waiting = [...names];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      found.set(name, await project(index, name, ca));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}
