import { VerifiedImagesError } from "../../base/errors/base";
import { shortId } from "./promotion-words";

/** The source is gone, and no target has what was promoted from it. Code `source-missing`. */
export class SourceGoneError extends VerifiedImagesError {
  constructor(message: string, targets: Readonly<Record<string, string | null>>) {
    const words = Object.entries(targets).map(([target, id]) =>
      id === null ? `${target} is not there` : `${target} names ${shortId(id)}`,
    );
    super("source-missing", `${message}; ${words.join("; ")}`);
  }
}
