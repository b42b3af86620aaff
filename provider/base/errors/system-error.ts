import { VerifiedImagesError } from "./base";

/** What the operating system refuses, by its code: why, and what to do. No program is to blame for these. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the file system; make room, and try again",
  EDQUOT: "the disk quota is used up; make room, and try again",
  EROFS: "the file system is read-only; choose another place",
  EACCES: "this user has no permission; grant it, or choose another place",
  EPERM: "this user has no permission; grant it, or choose another place",
  EIO: "the device failed; look at the system's log",
  EMFILE: "this process has too many open files; raise the limit (ulimit -n), and try again",
  ENFILE: "this machine has too many open files; end other programs, and try again",
};

/** The operating system refuses to read or write a file. */
export class SystemError extends VerifiedImagesError {
  constructor(what: string, why: string, options: { cause: unknown }) {
    super("system", `${what}: ${why}`, options);
  }
}

/** Why the operating system has refused something, and what to do; null: another error. */
export function refusalOf(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? (REFUSALS[code] ?? null) : null;
}

/** An error in words for people where the operating system has refused something; any other error stays as it is. */
export function told(error: unknown): unknown {
  const why = refusalOf(error);
  if (why === null || !(error instanceof Error) || error instanceof VerifiedImagesError) return error;
  const { path, syscall } = error as NodeJS.ErrnoException;
  const what = [syscall ?? "a system call", ...(path === undefined ? [] : [path])].join(" ");
  return new SystemError(`${what} failed`, why, { cause: error });
}
