import { decodeUtf8 } from "../deb822";
import { quoted } from "../errors";

export interface RpmPackage {
  name: string;
  /** `[<epoch>:]<version>-<release>`, rpm's `%{EVR}`. */
  version: string;
  /** `x86_64`, `noarch`, ...; null where the header names none. */
  arch: string | null;
  /** `sha256:<hex>` of the package's own header, which contains the digests of its files; null if unknown. */
  hash: string | null;
}

/** Tags and types of the rpm header format (rpm's reference manual, "Header format" and "Tags"). */
const TAG = { sha256: 273, name: 1000, version: 1001, release: 1002, epoch: 1003, arch: 1022 } as const;
const INT32 = 4;
const STRING = 6;

const WORD = /^[!-~]{1,256}$/;

/**
 * Reads a package's header as an rpm database stores it, without the magic number of a package file. It consists of the
 * number of index entries, the number of data bytes, the index (tag, type, offset, count) and the data. Integers are
 * big-endian.
 *
 * @returns null for a `gpg-pubkey`, which is a key that rpm trusts and no package
 * @throws {Error} when the header is cut, or a field is missing, impossible, or there twice
 */
export function parseRpmHeader(blob: Buffer): RpmPackage | null {
  const entries = blob.length < 8 ? 0 : blob.readUInt32BE(0);
  const start = 8 + entries * 16;
  if (blob.length < 8 || start + blob.readUInt32BE(4) !== blob.length) {
    throw new Error("has a header whose size is not what it says: it is cut or damaged");
  }
  const data = blob.subarray(start);
  const offsets = new Map<number, number>();
  for (let at = 8; at < start; at += 16) {
    const tag = blob.readUInt32BE(at);
    if (Object.values(TAG).some((wanted) => wanted === tag)) {
      if (offsets.has(tag)) {
        throw new Error(`has a header with tag ${tag} twice`);
      }
      if (blob.readUInt32BE(at + 4) !== (tag === TAG.epoch ? INT32 : STRING)) {
        throw new Error(`has a header whose tag ${tag} is of an impossible type`);
      }
      offsets.set(tag, blob.readUInt32BE(at + 8));
    }
  }
  const text = (field: keyof typeof TAG): string | null => textAt(data, offsets.get(TAG[field]), field);
  const required = (field: keyof typeof TAG): string => {
    const value = text(field);
    if (value === null) {
      throw new Error(`has a header without ${field}`);
    }
    return value;
  };

  const name = required("name");
  if (name === "gpg-pubkey") {
    return null;
  }
  const epoch = offsets.get(TAG.epoch);
  if (epoch !== undefined && epoch + 4 > data.length) {
    throw new Error("has a header whose epoch is outside of it");
  }
  const sum = text("sha256");
  return {
    name,
    version: `${epoch === undefined ? "" : `${data.readUInt32BE(epoch)}:`}${required("version")}-${required("release")}`,
    arch: text("arch"),
    hash: sum !== null && /^[0-9a-f]{64}$/.test(sum) ? `sha256:${sum}` : null,
  };
}

function textAt(data: Buffer, offset: number | undefined, field: string): string | null {
  if (offset === undefined) {
    return null;
  }
  const end = offset < data.length ? data.indexOf(0, offset) : -1;
  if (end < 0) {
    throw new Error(`has a header whose ${field} is outside of it`);
  }
  const value = decodeUtf8(data.subarray(offset, end));
  if (!WORD.test(value)) {
    throw new Error(`has a header with an impossible ${field}: ${quoted(value)}`);
  }
  return value;
}
