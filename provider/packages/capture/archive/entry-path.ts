import { CaptureError, quoted } from "../errors";

/** Longest accepted path, in characters: eight times Linux's PATH_MAX. */
const MAX_PATH = 32_768;

/** How engines write nearly all paths: components that do not begin with a dot, with single slashes. */
const PLAIN = /^(?:[^./][^/]*\/)*[^./][^/]*\/?$/;

/**
 * The absolute form of a path inside an archive: `./a//b/` becomes `/a/b`, `.` becomes `/`.
 *
 * @throws {CaptureError} for a `..` component or a path that is too long. An engine's export has neither, so such an
 *   archive can't be trusted at all.
 */
export function absoluteEntryPath(name: string): string {
  if (name.length > MAX_PATH) {
    throw malformed(name, `is longer than ${MAX_PATH} characters`);
  }
  if (PLAIN.test(name)) return name.endsWith("/") ? `/${name.slice(0, -1)}` : `/${name}`;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw malformed(name, "has a '..' component");
  }
  return `/${parts.join("/")}`;
}

function malformed(name: string, what: string): CaptureError {
  return new CaptureError(
    "capture-malformed",
    `The exported file system has an entry that no engine writes: ${quoted(name)} ${what}. ` +
      "Expected plain paths below the root; export the container again.",
  );
}
