import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";

/**
 * What can be wrong with a build context: a path can't be read, it changed while it was read, its ignore file is one
 * that Docker refuses, or the directories to leave out don't go together with it.
 */
export type ContextProblem =
  "context-unreadable" | "context-changed" | "context-ignore-invalid" | "context-exclusion-invalid";

/** A build context can't be hashed. `code` says why, `path` says where. */
export class ContextError extends VerifiedImagesError {
  constructor(
    code: ContextProblem,
    readonly path: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
  }
}

/** The error for a path of the context that can't be read, with the system's reason. */
export function unreadable(path: string, cause: unknown): ContextError {
  return new ContextError(
    "context-unreadable",
    path,
    `The build context can't be read at ${path}: ${messageOf(cause)}. ` +
      "Make it readable, or list it in .dockerignore if the build doesn't need it.",
    { cause },
  );
}

/**
 * The error for a recorded build whose context does not exist here. Its path is relative to the folder in which the
 * image was built.
 *
 * @param context the path in the record
 * @param directory the folder that it was taken relative to
 */
export function notBuiltHere(context: string, directory: string, cause: unknown): ContextError {
  return new ContextError(
    "context-unreadable",
    context,
    `The build context ${context} is not there, seen from ${directory}. Paths on record are relative to the folder ` +
      "in which the image was built, with Pulumi that of Pulumi.yaml: run this there.",
    { cause },
  );
}

/** The error for a file of the context that changed while its content was hashed. */
export function changedWhileRead(path: string, cause?: unknown): ContextError {
  return new ContextError(
    "context-changed",
    path,
    `The build context changed at ${path} while it was read, so its hash would mean nothing. ` +
      "Stop what writes there and try again, or list it in .dockerignore.",
    { cause },
  );
}
