import { isImageId } from "../../base/reference/digest";
import { isPath, isSifPath } from "../../base/reference/sif-path";
import type { InputFailure } from "../../inputs/failure";

/** The inputs by which a promotion of a SIF image differs from one of an engine's image. */
interface Promotes {
  source?: string;
  targets?: readonly string[];
  engine?: "docker" | "apptainer";
  host?: string;
  root?: string;
}

/** What does not go together where a SIF image is promoted, or where a path is named beside an image of Docker. */
export function sifProblems(
  { source, targets = [], engine, host, root }: Promotes,
  unknown: ReadonlySet<string>,
): InputFailure[] {
  const path = [source, ...targets].find((name) => name !== undefined && isPath(name));
  if (engine === "docker" && path !== undefined) {
    const reason = `is docker, and ${path} the path of a SIF image; leave engine out, or write ${path}:<tag> if it is a reference`;
    return [{ property: "engine", reason }];
  }
  if (engine !== "apptainer" && path === undefined) return [];
  const failures: InputFailure[] = [];
  const tag = targets.find((target) => !isSifPath(target));
  if (tag !== undefined) {
    const reason = `${tag} is a tag, but a SIF image is promoted to paths; name paths that end with .sif only`;
    failures.push({ property: "targets", reason });
  }
  if (host !== undefined) {
    failures.push({ property: "host", reason: "is for Docker, and a SIF image is promoted; leave host out" });
  }
  if (source !== undefined && isImageId(source) && root === undefined && !unknown.has("root")) {
    const reason =
      "is an ID, by which only a store finds a SIF image; name its store (root), or give its path";
    failures.push({ property: "source", reason });
  }
  const isReference =
    source !== undefined && !isImageId(source) && /[:@]/.test(source.slice(source.lastIndexOf("/") + 1));
  if (isReference) {
    const reason = `${source} is a reference to an image of Docker, and the targets are paths of SIF images; name a SIF image by its path or its ID`;
    failures.push({ property: "source", reason });
  }
  return failures;
}
