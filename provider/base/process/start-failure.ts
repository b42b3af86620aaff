import { closeSync, openSync, statSync } from "node:fs";
import { devNull } from "node:os";

/** File descriptors that it takes to start a child: both ends of its pipes, and what Node needs beside them. */
const DESCRIPTORS = 10;

/** What hinders any program, and what to do about it. */
const HINDRANCES: Readonly<Record<string, string>> = {
  EMFILE:
    "this process has as many files open as it may; raise the limit (`ulimit -n 4096`), or do less at once",
  ENFILE: "the machine has as many files open as it can; end what opens so many, or raise fs.file-max",
  EAGAIN:
    "no further process may be started; end some, or raise the limit (`ulimit -u`, or that of the container)",
  ENOMEM: "there is no memory left for a process; free some, or give the machine or container more",
  E2BIG: "its arguments and environment together are longer than the system takes; shorten them",
};

/** Why a program could not be started. */
export interface StartFailure {
  words: string;
  /** Whether the cause lies elsewhere than in the program: it may well be installed. */
  hindered: boolean;
}

/**
 * The code of the error that starting a child would end with for want of file descriptors; null: there are enough. Node
 * can't be let run into that error: execa does not survive it.
 */
export function wantOfDescriptors(): string | null {
  const open: number[] = [];
  try {
    while (open.length < DESCRIPTORS) open.push(openSync(devNull, "r"));
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EMFILE" || code === "ENFILE" ? code : null;
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

/** Whether a folder is there. If that can't be found out, it counts as there. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== "ENOENT" && code !== "ENOTDIR";
  }
}

/**
 * Says why a program was not started, and what to do. Null for an error that is not known here.
 *
 * @param code the error's code
 * @param directory the directory in which it was to run, if that is not there
 */
export function startFailure(code: string, program: string, directory: string | null): StartFailure | null {
  const hindrance = HINDRANCES[code];
  if (hindrance !== undefined) return { words: `${hindrance} (${code})`, hindered: true };
  if (directory !== null) {
    const words = `there is no directory ${directory}, in which it is to run; make it, or name another one (${code})`;
    return { words, hindered: true };
  }
  if (code === "ENOENT") {
    return {
      words: `there is no program ${program}; install it, and put it on PATH (ENOENT)`,
      hindered: false,
    };
  }
  if (code === "EACCES") {
    return { words: `${program} may not be run by this user; make it executable (EACCES)`, hindered: false };
  }
  return null;
}
