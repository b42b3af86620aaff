import { CaptureError, quoted } from "../errors";

/**
 * Refuses a file or directory whose name begins with `.wh.`. Image layers use such names for deletions (OCI image
 * specification, layer.md, "Whiteouts"): `.wh.a` deletes `a`, and `.wh..wh..opq` empties a directory. An engine that
 * made such a file itself shows it as a file. An engine that loads the layer carries out the deletion instead. So the
 * image would have other files there than were captured here.
 *
 * @throws {CaptureError}
 */
export function refuseWhiteout(path: string): void {
  if (!path.includes("/.wh.")) return;
  const end = path.indexOf("/", path.indexOf("/.wh.") + 1);
  throw new CaptureError(
    "capture-whiteout",
    `The recipe makes a file named ${quoted(end < 0 ? path : path.slice(0, end))}. Engines read names that begin with ` +
      "'.wh.' as deletions, so another engine would get other files than this one. Rename it, or remove it in the " +
      "same RUN.",
  );
}
