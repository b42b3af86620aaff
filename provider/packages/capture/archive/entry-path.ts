import { CaptureError, quoted } from "../errors";

/** Longest accepted path, in characters: eight times Linux's PATH_MAX. */
const MAX_PATH = 32_768;

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
