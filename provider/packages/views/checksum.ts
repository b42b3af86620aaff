import type { LockedPackage } from "../lock/types";

/** A hash in the form that both SBOM formats use. */
export interface Checksum {
  algorithm: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  /** Hexadecimal. */
  hex: string;
}

/** The algorithms of SRI strings, the strongest last (Subresource Integrity, W3C). */
const SRI: Record<string, Checksum["algorithm"]> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** The strongest hash in an SRI string; null if it has no known one. */
export function fromIntegrity(integrity: string): Checksum | null {
  const rank = Object.keys(SRI);
  const known = integrity
    .split(/\s+/)
    .map((part) => /^(sha1|sha256|sha384|sha512)-([A-Za-z0-9+/]+=*)(?:\?.*)?$/.exec(part))
    .filter((match) => match !== null)
    .sort((a, b) => rank.indexOf(b[1] ?? "") - rank.indexOf(a[1] ?? ""));
  const [, name = "", base64 = ""] = known[0] ?? [];
  const algorithm = SRI[name];
  return algorithm === undefined ? null : { algorithm, hex: Buffer.from(base64, "base64").toString("hex") };
}

/**
 * The hash of the file in which a package was distributed, or of a file's content. Null if the lock has none. The
 * hashes of apk and rpm cover only a part of the package file, and those of pip cover the installed files. So these are
 * left out.
 */
export function checksumOf({ ecosystem, version, hash }: LockedPackage): Checksum | null {
  if (ecosystem === "npm") return fromIntegrity(hash ?? "");
  if (!["file", "conda", "dpkg"].includes(ecosystem)) return null;
  const hex = /^sha256:([0-9a-f]{64})(?: |$)/.exec(ecosystem === "file" ? version : (hash ?? ""))?.[1];
  return hex === undefined ? null : { algorithm: "SHA-256", hex };
}
