import { inspect, type InspectOptions } from "node:util";

/**
 * The root of every error this package throws on purpose.
 *
 * `code` is stable and made for programs; `message` is one paragraph for people: what is wrong, what was
 * expected, what to do next. `hint`, where present, is already part of the message.
 */
export class VerifiedImagesError extends Error {
  /** Brand: true on every error of this package, also across copies of it. */
  readonly isVerifiedImagesError = true as const;
  /** Pulumi's brand for errors that end a program with their message alone: it says all, and the stack is ours. */
  readonly __pulumiRunError = true as const;

  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /**
   * What `util.inspect` shows: the same as of any error, but never in colours. Pulumi's SDK colours the stack of each
   * error that ends a program, for its trace, and several releases of Node.js (20.20.2 is one) write half a gigabyte
   * before they give up on a frame whose file lies directly in `node_modules/@<scope>/`, as the SDK's own do by their
   * source maps: half a minute and more without a word (nodejs/node#64011).
   */
  [inspect.custom](depth: number, { compact, breakLength }: InspectOptions): string {
    return inspect(this, { depth, compact, breakLength, colors: false, customInspect: false });
  }
}

/** True for errors of this package, whichever copy of it threw them. */
export function isVerifiedImagesError(error: unknown): error is VerifiedImagesError {
  return error instanceof Error && (error as Partial<VerifiedImagesError>).isVerifiedImagesError === true;
}
