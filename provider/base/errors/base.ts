import { hideCredentials } from "../words/credentials";
import { visibleLines } from "../words/visible";
import { inspect, type InspectOptions } from "node:util";

/**
 * The base class of every error that this package throws on purpose.
 *
 * `code` is stable and meant for programs. `message` is one paragraph for people: what is wrong, what was expected, and
 * what to do next. It may quote commands and what they printed, so credentials are hidden in it.
 */
export class VerifiedImagesError extends Error {
  /** True on every error of this package, also when several copies of the package are loaded. */
  readonly isVerifiedImagesError = true as const;
  /** Pulumi's mark for errors that it shows without their stack. The message alone says enough. */
  readonly __pulumiRunError = true as const;

  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(hideCredentials(visibleLines(message)), options);
    this.name = new.target.name;
  }

  /**
   * What `util.inspect` shows: the usual text, but never in colours.
   *
   * Pulumi's SDK colours the stack of each error that ends a program. Several releases of Node.js (20.20.2 is one) then
   * write half a gigabyte, and take half a minute or more, if the file of a stack frame lies directly in
   * `node_modules/@<scope>/` (nodejs/node#64011). The SDK's own files do.
   */
  [inspect.custom](depth: number, { compact, breakLength }: InspectOptions): string {
    return inspect(this, { depth, compact, breakLength, colors: false, customInspect: false });
  }
}

/** True for errors of this package, also for those of another copy of it. */
export function isVerifiedImagesError(error: unknown): error is VerifiedImagesError {
  return error instanceof Error && (error as Partial<VerifiedImagesError>).isVerifiedImagesError === true;
}
