import type { ContentSink } from "../archive/entry";
import type { CapturedPackage } from "../types";
import { cratePackages, CRATES_SECTION } from "./cargo";
import { ELF_HEAD, type ElfFile, isElf, readElf, readSections } from "./elf";
import { goPackages } from "./go";
import { goFinder } from "./go-finder";

/** What a program says about the modules that it was made of. */
export interface ProgramFindings {
  packages: CapturedPackage[];
  /** It has a list of modules, or may have one, and the list can't be read. */
  unread: "Go" | "Rust" | null;
}

/** Most bytes that are kept of the part of a file that is not loaded, to find a list of crates in it. */
const MOST_TAIL = 32 * 1024 * 1024;

/**
 * Reads a file as it streams by. Files that are no ELF programs are left alone after their first piece. Of a program, what
 * becomes its writable memory is searched for Go's build info, and what is not loaded is kept to its end, because a list
 * of crates is there, and the list of sections that names it is last in the file.
 *
 * @param done called at the end of a file that says something
 */
export function programReader(path: string, done: (findings: ProgramFindings) => void): ContentSink {
  let head: Buffer[] = [];
  let headLength = 0;
  let state: "head" | "program" | "other" = "head";
  let program: ReturnType<typeof scanProgram> | null = null;

  const start = (): void => {
    const bytes = joined(head);
    head = [];
    const file = readElf(bytes);
    state = file === null ? "other" : "program";
    if (file === null) return;
    program = scanProgram(path, file);
    program.chunk(bytes);
  };
  return {
    chunk(data) {
      if (state === "other") return;
      if (state === "program") {
        program?.chunk(data);
        return;
      }
      head.push(data);
      headLength += data.length;
      if (headLength >= 4 && !isElf(joined(head))) {
        state = "other";
        head = [];
      } else if (headLength >= ELF_HEAD) start();
    },
    end() {
      if (state === "head") start();
      const findings = program?.conclude();
      if (findings && (findings.packages.length > 0 || findings.unread !== null)) done(findings);
    },
  };
}

function scanProgram(
  path: string,
  file: ElfFile,
): { chunk(data: Buffer): void; conclude(): ProgramFindings } {
  const go = goFinder(file.writable ?? [{ start: 0, end: Infinity }]);
  let tail: Buffer[] = [];
  let kept = 0;
  let offset = 0;
  return {
    chunk(data) {
      go.chunk(data, offset);
      const from = Math.max(0, file.loadedEnd - offset);
      offset += data.length;
      if (from >= data.length || kept > MOST_TAIL || go.found()) return;
      tail.push(data.subarray(from));
      kept += data.length - from;
      if (kept > MOST_TAIL) tail = [];
    },
    conclude() {
      const found = go.conclude();
      if (found.kind === "old") return { packages: [], unread: "Go" };
      if (found.kind === "found") {
        const packages = attempt(() => goPackages(found.info, path));
        return { packages: packages ?? [], unread: packages === null ? "Go" : null };
      }
      const bytes = Buffer.concat(tail);
      tail = [];
      return crates(path, file, bytes, offset - bytes.length);
    },
  };
}

function crates(path: string, file: ElfFile, tail: Buffer, start: number): ProgramFindings {
  const section = readSections(file, tail, start)?.find(({ name }) => name === CRATES_SECTION);
  if (section === undefined) return { packages: [], unread: null };
  const from = section.offset - start;
  const inTail = from >= 0 && from + section.size <= tail.length;
  const packages = inTail
    ? attempt(() => cratePackages(tail.subarray(from, from + section.size), path))
    : null;
  return { packages: packages ?? [], unread: packages === null ? "Rust" : null };
}

/** Pieces as one. A single piece is not copied. */
function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
