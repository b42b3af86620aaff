import { VerifiedImagesError } from "../../base/errors/base";
import { leaseWords } from "../../base/lease/errors";
import type { Lease } from "../../base/lease/lease-content";

/** A receipt can't be written. The message says whether a tag was moved. */
export class ReceiptError extends VerifiedImagesError {
  constructor(
    message: string,
    /** The history's file. */
    readonly file: string,
    options?: { cause?: unknown },
  ) {
    super("receipt", message, options);
  }
}

/** Another process was still writing into the history when the wait for it ended. */
export class HistoryInUseError extends ReceiptError {
  constructor(file: string, leaseFile: string, lease: Lease | null, seconds: number) {
    super(
      `${file} is still in use by ${leaseWords(lease)}, after a wait of ${Math.round(seconds)} s; ` +
        `let that end and run this again. If it is surely gone, remove ${leaseFile}`,
      file,
    );
  }
}
