import { InvalidReferenceError } from "../base/reference/errors";
import { parseReference } from "../base/reference/parse";

/** The sign of an image in the place of a folder, as in `docker buildx build --build-context`. */
const IMAGE = "docker-image://";
const REPOSITORY = /^(?:(?:https?|git|ssh):\/\/|git@)/;
/** A full commit behind a repository, and maybe a folder in it. */
const COMMIT = /#(?:[0-9a-f]{40}|[0-9a-f]{64})(?::[^:#]+)?$/;

type Kind = "folder" | "image" | "repository";

function kindOf(source: string): Kind {
  if (source.startsWith(IMAGE)) return "image";
  return REPOSITORY.test(source) ? "repository" : "folder";
}

/** Whether a named context is a folder of this machine. */
export const isFolder = (source: string): boolean => kindOf(source) === "folder";

/** Why something can't be a named context; null if it can. */
export function contextProblem(source: string): string | null {
  const kind = kindOf(source);
  if (kind === "image") {
    try {
      const reference = parseReference(source.slice(IMAGE.length));
      return reference.kind === "id" ? `names an image by its ID; expected ${IMAGE}name:tag` : null;
    } catch (error) {
      if (error instanceof InvalidReferenceError) return error.message;
      throw error;
    }
  }
  if (kind === "repository") {
    if (/^\w+:\/\/[^/:]*:[^/@]*@/.test(source))
      return "has a password in it, which would stand in the state; leave it out";
    return COMMIT.test(source)
      ? null
      : "names no full commit, so the two builds could get different files; add it, as in https://host/app.git#<40 digits> (git ls-remote shows it)";
  }
  const scheme = /^([a-z-]+):/.exec(source)?.[1];
  if (scheme === undefined) return source === "" ? "is empty; expected a directory" : null;
  return `is of a kind that is not supported (${scheme}:); expected a directory, ${IMAGE}name:tag, or a git repository at a full commit`;
}

/** Named contexts that the builder gets as they are: folders and repositories. */
export function builderContexts(contexts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(contexts).filter(([, source]) => kindOf(source) !== "image"));
}

/** The images that named contexts put in the place of a name: name -> reference. */
export function contextImages(contexts: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(
    Object.entries(contexts).flatMap(([name, source]) =>
      kindOf(source) === "image" ? [[name, source.slice(IMAGE.length)] as const] : [],
    ),
  );
}

/** Named contexts with each folder's path changed. */
export function mapFolders(
  contexts: Readonly<Record<string, string>>,
  change: (path: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contexts).map(([name, source]) => [name, isFolder(source) ? change(source) : source]),
  );
}
