import { CaptureError, quoted } from "../../packages/capture/errors";
import type { ArchiveEntry, EntryType } from "../../packages/capture/archive/entry";
import { absoluteEntryPath } from "../../packages/capture/archive/entry-path";
import { pathText } from "../../packages/capture/archive/path-text";

/** One file of the list that `unsquashfs -pf` writes. */
export interface PseudoEntry extends ArchiveEntry {
  /** Where its content begins, counted from the end of the list. */
  offset: number;
}

/** A path, in which a backslash stands before blanks, quotes and backslashes; then the kind, and what the kind needs. */
const LINE = /^((?:[^\\ ]|\\[^])+) ([A-Za-z]) (.*)$/s;
const TYPES: Readonly<Record<string, EntryType>> = {
  D: "directory",
  R: "file",
  S: "symlink",
  L: "link",
  C: "character-device",
  B: "block-device",
  I: "fifo",
};

/** What stands between the kind and a link's target, or a file's length and place. */
const FACTS = /^-?\d+ ([0-7]+) \d+ \d+(?: ([^]*))?$/;

function malformed(line: string, why: string): CaptureError {
  return new CaptureError(
    "capture-malformed",
    `The list of the image's files has a line that is not understood (${why}): ${quoted(line)}. ` +
      "Expected what unsquashfs 4.5 and newer write.",
  );
}

/**
 * The files in a list, in its order.
 *
 * unsquashfs writes a line break in a name or in a link's target as it is, so a list with one has lines that are none. It
 * is refused, because nobody can tell which of its lines are names.
 *
 * @param text one character for each byte (Latin-1)
 * @throws {CaptureError} for a line of another form, and for a path with `..`
 */
export function pseudoEntries(text: string): PseudoEntry[] {
  return text.split("\n").flatMap((line): PseudoEntry[] => {
    // In a name, a blank has a backslash before it.
    if (line === "" || line === "#" || line.startsWith("# ")) return [];
    const [, name, letter = "", rest = ""] = LINE.exec(line) ?? [];
    // Extended attributes have lines of their own in newer releases.
    if (name !== undefined && letter === "x") return [];
    const type = TYPES[letter];
    if (name === undefined || type === undefined) {
      throw malformed(line, "a name with a line break makes such lines");
    }
    const entry = entryOf(line, absoluteEntryPath(pathText(name.replace(/\\([^])/g, "$1"))), type, rest);
    return entry === null ? [] : [entry];
  });
}

function entryOf(line: string, path: string, type: EntryType, rest: string): PseudoEntry | null {
  const base = { path, type, size: 0, mode: 0, target: "", device: { major: 0, minor: 0 }, offset: 0 };
  if (type === "link") {
    return { ...base, target: absoluteEntryPath(pathText(rest.replace(/\\([^])/g, "$1"))) };
  }
  const [, mode, more = ""] = FACTS.exec(rest) ?? [];
  if (mode === undefined) throw malformed(line, "its facts");
  const facts = { ...base, mode: Number.parseInt(mode, 8) & 0o7777 };
  if (type === "symlink") return { ...facts, target: pathText(more) };
  const [first = Number.NaN, second = Number.NaN] = more.split(" ").map(Number);
  if (type === "file") {
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first < 0 || second < 0)
      throw malformed(line, "its length");
    return { ...facts, size: first, offset: second };
  }
  if (type === "character-device" || type === "block-device") {
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second)) throw malformed(line, "its device");
    return { ...facts, device: { major: first, minor: second } };
  }
  // A socket is nothing that can be in an image.
  return type === "fifo" && more === "s" ? null : facts;
}
