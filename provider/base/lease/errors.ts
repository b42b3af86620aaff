import { VerifiedImagesError } from "../errors/base";
import { holderWords, type Holder } from "./holder-words";

/** Another process holds an artifact of the store, and has not let go of it in time. */
export class ArtifactHeldError extends VerifiedImagesError {
  constructor(
    readonly artifact: string,
    root: string,
    file: string,
    readonly holder: Holder | null,
    seconds: number,
  ) {
    super(
      "artifact-held",
      `the artifact ${artifact} of the artifact store ${root} is still held by ${holderWords(holder)}, after a wait of ` +
        `${Math.round(seconds)} s; let that build end, or end it, and run this again. If it is surely gone, remove ${file}`,
    );
  }
}

/** The hold on an artifact was lost while it was being built; the build was ended, for another may have begun. */
export class HoldLostError extends VerifiedImagesError {
  constructor(
    readonly artifact: string,
    file: string,
    readonly holder: Holder | null,
  ) {
    const how = holder === null ? `${file} was removed` : `${holderWords(holder)} took this process for dead`;
    super(
      "hold-lost",
      `the hold on the artifact ${artifact} was lost while it was being built (${how}), and the build was ended, ` +
        "because two at once would mix up the artifact store; run it again",
    );
  }
}
