import { decodeUtf8 } from "../deb822";
import { jsonObject, own } from "../json";

/** `name` and `version` of a package.json; undefined if the file lacks them. */
export interface NpmManifest {
  name: string | undefined;
  version: string | undefined;
}

/** npm's limits for published packages, in characters. */
const MAX_NAME = 214;
const MAX_VERSION = 256;

/**
 * Reads name and version of a package.json. Both may be missing: Node and npm install such packages (from git, a
 * directory, a bundle). If they are there, they must be printable and not too long.
 *
 * @throws {Error} for invalid JSON and for an impossible name or version
 */
export function parseManifest(content: Buffer): NpmManifest {
  const manifest = jsonObject(content);
  // npm accepts other fields, such as an author's name, in any encoding. The name and the version must be certain.
  const { name, version } = manifest;
  if ([name, version].some((value) => typeof value === "string" && value.includes("\uFFFD")))
    decodeUtf8(content);
  return {
    name: word(own(manifest, "name"), "name", MAX_NAME),
    version: word(own(manifest, "version"), "version", MAX_VERSION),
  };
}

function word(value: unknown, field: string, limit: number): string | undefined {
  if (value === undefined || value === null || value === "") {
    return undefined;
  }
  if (typeof value !== "string") {
    throw new Error(`has a ${field} that is no string`);
  }
  const trimmed = value.trim();
  if (trimmed.length > limit) {
    throw new Error(`has a ${field} of more than ${limit} characters`);
  }
  if (!/^[^\s\p{C}]+$/u.test(trimmed)) {
    throw new Error(`has a ${field} with blanks or control characters`);
  }
  return trimmed;
}
