import { privateBundle } from "../provider/recipe/ca-bundle/bundle";
import { VerifiedImagesError } from "../provider/base/errors/base";
import { messageOf } from "../provider/base/errors/message";
import { httpGet, plainAddress } from "../provider/engines/http-get";
import { mapBounded } from "../provider/recipe/context/bounded";
import { httpAddress } from "./http-address";
import type { World } from "./world";
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
export const indexUrl = (flag: string | undefined, env: World["env"]): URL =>
  httpAddress(flag, env, {
    flag: "--index",
    variable: INDEX_VARIABLE,
    otherwise: DEFAULT_INDEX,
    what: "a package index",
  });

async function project(index: URL, name: string, ca: string | undefined): Promise<IndexFile[]> {
  const shown = plainAddress(index);
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
  const found = await mapBounded(
    names,
    AT_ONCE,
    async (name) => [name, await project(index, name, ca)] as const,
  );
  return new Map(found);
}
