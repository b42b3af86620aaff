import { decodeUtf8 } from "../deb822";
import { quoted } from "../errors";
import { jsonObject, own } from "../json";

export interface CondaPackage {
  name: string;
  /** `<version>-<build>`, such as `3.11.5-h955ad1f_0`, because the same version is built more than once. */
  version: string;
  /** `sha256:<hex>` of the package's archive; null if conda did not know it. */
  hash: string | null;
}

/** The parts of `<name>-<version>-<build>` contain no blanks, and only the name may contain a `-` (conda CEP 26). */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,255}$/;
const PART = /^[A-Za-z0-9._+!~]{1,256}$/;

/**
 * Reads a file of conda-meta: a JSON object with `name`, `version`, `build`, and usually `sha256`.
 *
 * @param base the file's name without `.json`; conda names it `<name>-<version>-<build>`
 * @throws {Error} for bytes that are not UTF-8, for invalid JSON, for a field that is missing or impossible, and for a
 *   file whose name differs from its content
 */
export function parseCondaRecord(content: Buffer, base: string): CondaPackage {
  decodeUtf8(content);
  const record = jsonObject(content);
  const name = word(record, "name", NAME);
  const version = `${word(record, "version", PART)}-${word(record, "build", PART)}`;
  if (base !== `${name}-${version}`) {
    throw new Error(`contradicts its own name: it says ${quoted(`${name}-${version}`)}`);
  }
  const sum = own(record, "sha256");
  if (sum !== undefined && sum !== null && sum !== "" && !isSha256(sum)) {
    throw new Error("has a sha256 that is none");
  }
  return { name, version, hash: isSha256(sum) ? `sha256:${sum.toLowerCase()}` : null };
}

function word(record: Record<string, unknown>, field: string, form: RegExp): string {
  const value = own(record, field);
  if (value === undefined || value === "") {
    throw new Error(`has no ${field}`);
  }
  if (typeof value !== "string" || !form.test(value)) {
    throw new Error(`has an impossible ${field}: ${quoted(JSON.stringify(value))}`);
  }
  return value;
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-fA-F]{64}$/.test(value);
}
