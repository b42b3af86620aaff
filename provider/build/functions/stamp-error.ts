import { VerifiedImagesError } from "../../base/errors/base";
import type { ImageOutputs } from "../roundtrip/image-outputs";

/** An image was built and stamped with a revision, but it may have files of another one. The build stays in the store. */
export class StampInDoubtError extends VerifiedImagesError {
  constructor(
    readonly reference: string,
    revision: string,
    why: string,
    /** What was built. */
    readonly evidence: ImageOutputs,
  ) {
    super(
      "stamp-in-doubt",
      `${reference} is stamped ${revision.slice(0, 12)}, but that is in doubt, so it goes nowhere: ${why}`,
    );
  }
}
