import { inflateSync } from "node:zlib";
import { z } from "zod";
import type { CapturedPackage } from "../types";

/** The section in which `cargo auditable` writes the list of crates: JSON, compressed by zlib. */
export const CRATES_SECTION = ".dep-v0";
/** Most bytes of the list once it is not compressed any more. That of a program with 1,000 crates has 100 KB. */
const MOST_BYTES = 8 * 1024 * 1024;

const text = z.string().regex(/^[^\s\p{C}]{1,512}$/u);
const list = z.object({ packages: z.array(z.object({ name: text, version: text })) });

/**
 * The crates that a section lists, those for the build included.
 *
 * @param root path of the program
 * @throws {Error} if the section holds no list of crates
 */
export function cratePackages(section: Buffer, root: string): CapturedPackage[] {
  const json = inflateSync(section, { maxOutputLength: MOST_BYTES }).toString("utf8");
  const { packages } = list.parse(JSON.parse(json));
  return packages.map(({ name, version }) => ({ ecosystem: "cargo", name, version, root }));
}
