import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";

/**
 * What went wrong with a build context: a path that can't be read, one that changed while it was read, an
 * ignore file that Docker would refuse, or a context and an exclusion that don't go together.
 */
export type ContextProblem =
  "context-unreadable" | "context-changed" | "context-ignore-invalid" | "context-exclusion-invalid";

/** A build context that can't be hashed; `code` says in which way, `path` is the culprit. */
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

/** A path of the context that can't be read, with the system's own reason. */
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
 * The context of a build on record is not there: its path is relative to the folder in which the image was built.
 *
 * @param context as the record has it
 * @param directory what it was taken relative to
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

/** A file of the context that was written to while its content was hashed. */
export function changedWhileRead(path: string, cause?: unknown): ContextError {
  return new ContextError(
    "context-changed",
    path,
    `The build context changed at ${path} while it was read, so its hash would mean nothing. ` +
      "Stop what writes there and try again, or list it in .dockerignore.",
    { cause },
  );
}
