import type { CapturedPackage } from "../types";

/** What the linker of Go writes into each program: Go's version, and the list of modules (package `debug/buildinfo`). */
export interface GoBuildInfo {
  version: string;
  modules: string;
}

/** How build info begins. It stands at an address that is a multiple of 16. */
export const GO_MAGIC = Buffer.from("\xff Go buildinf:", "latin1");
/** Bytes before the two strings: magic, size of a pointer, flags, and zeros. */
const HEADER = 32;
/** Since Go 1.18 the strings follow the header. Before, pointers to them did. */
const STRINGS_FOLLOW = 2;
const MOST_VERSION = 256;
/** Most bytes of a list of modules. That of a large program, with 1,000 of them, has 100 KB. */
const MOST_MODULES = 4 * 1024 * 1024;
/** Most bytes of a length, in the form of Go's package `encoding/binary`. */
const MOST_LENGTH = 5;
/** Most bytes that {@link readGoBuildInfo} looks at before it says how many more it needs. */
export const GO_PREFIX = HEADER + MOST_LENGTH + MOST_VERSION + MOST_LENGTH;

/** Marks around the list of modules; the first and last 16 bytes of it. */
const SENTINEL = 16;

type Answer =
  | { kind: "found"; info: GoBuildInfo }
  /** It needs this many bytes from the magic on. */
  | { kind: "more"; bytes: number }
  /** Go before 1.18 wrote it. */
  | { kind: "old" }
  /** It only looks like build info. */
  | { kind: "none" };

/**
 * Reads build info.
 *
 * @param bytes what stands in the program from the magic on
 * @param ended whether these are all bytes that there are
 */
export function readGoBuildInfo(bytes: Buffer, ended: boolean): Answer {
  if (bytes.length < GO_PREFIX && !ended) return { kind: "more", bytes: GO_PREFIX };
  if (bytes.length < HEADER) return { kind: "none" };
  const flags = bytes[15] ?? 0;
  if ((flags & STRINGS_FOLLOW) === 0) {
    return [4, 8].includes(bytes[14] ?? 0) && flags <= 1 ? { kind: "old" } : { kind: "none" };
  }
  const version = stringAt(bytes, HEADER, MOST_VERSION);
  if (
    version === null ||
    !/^(?:go|devel )[!-~][ -~]*$/.test(bytes.toString("latin1", version.start, version.end))
  ) {
    return { kind: "none" };
  }
  const modules = stringAt(bytes, version.end, MOST_MODULES);
  if (modules === null) return { kind: "none" };
  if (modules.end > bytes.length) return ended ? { kind: "none" } : { kind: "more", bytes: modules.end };
  return {
    kind: "found",
    info: {
      version: bytes.toString("latin1", version.start, version.end),
      modules: bytes.toString(
        "utf8",
        modules.start + SENTINEL,
        Math.max(modules.start + SENTINEL, modules.end - SENTINEL),
      ),
    },
  };
}

/** The range of a string that stands behind its length. Null if the length is none, or is too long. */
function stringAt(bytes: Buffer, at: number, most: number): { start: number; end: number } | null {
  let length = 0;
  for (let index = 0; index < MOST_LENGTH; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) {
      const start = at + index + 1;
      return length > most ? null : { start, end: start + length };
    }
  }
  return null;
}

/** The version of a module that is a directory, and of a main module that was not fetched. */
const DIRECTORY = "(devel)";
/** The form of a module's path and version, and of Go's own version: text without blanks or control characters. */
const TEXT = /^[^\s\p{C}]{1,512}$/u;

/**
 * The packages that build info names: Go's standard library, the main module if it has a version, and each module that
 * it depends on. A module that another one replaces is left out for that one. A module that a directory replaces has the
 * version `(devel)`, because a directory has none. The hash is that of a `go.sum`: `h1:` and base64.
 *
 * @param root path of the program
 * @throws {Error} if the list is none that Go writes
 */
export function goPackages({ version, modules }: GoBuildInfo, root: string): CapturedPackage[] {
  const stdlib = version.replace(/^devel /, "").split(" ")[0] ?? "";
  const found: CapturedPackage[] = [{ ecosystem: "go", name: "stdlib", version: stdlib, root }];
  let replaced: string | null = null;
  for (const line of modules.split("\n")) {
    const [kind, name = "", moduleVersion = "", hash = ""] = line.split("\t");
    if (kind !== "mod" && kind !== "dep" && kind !== "=>") continue;
    const item = { ecosystem: "go" as const, name, version: moduleVersion || DIRECTORY, root };
    if (!TEXT.test(name) || !TEXT.test(item.version))
      throw new Error("lists a module in a form that Go does not write");
    const whole = TEXT.test(hash) ? { ...item, hash } : item;
    if (kind === "=>") {
      if (replaced === null) throw new Error("replaces a module that it does not list");
      found[found.length - 1] = item.version === DIRECTORY ? { ...item, name: replaced } : whole;
    } else if (kind === "dep" || item.version !== DIRECTORY) {
      found.push(whole);
    }
    replaced = kind === "dep" ? name : null;
  }
  return found;
}
