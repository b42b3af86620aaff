import { VerifiedImagesError } from "../../base/errors/base";
import { holderWords, type Holder } from "../../base/lease/holder-words";

/** The history of promotions can't be written; the message says whether a tag was moved. */
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

/** Another process writes into the history, and has not let go of it in time. */
export class HistoryHeldError extends ReceiptError {
  constructor(file: string, hold: string, holder: Holder | null, seconds: number) {
    super(
      `${file} is still held by ${holderWords(holder)}, after a wait of ${Math.round(seconds)} s; ` +
        `let that end and run this again. If it is surely gone, remove ${hold}`,
      file,
    );
  }
}
