import { isVerifiedImagesError } from "../../provider/base/errors/base";
import { VerifyError } from "../../provider/base/errors/verify-error";
import { PushFailedError } from "../../provider/build/functions/push-built";
import { messageOf } from "../../provider/base/errors/message";

/** An error for people. For a fault in this program it has everything that is known. */
export function failureText(error: unknown): string {
  if (isVerifiedImagesError(error)) return `error: ${error.message}\n`;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `fault: this should not have happened, and is a fault in verified-images; please report it:\n${detail}\n`;
}

/** An error for programs (`--json`). */
export function failureDocument(error: unknown): unknown {
  const message = messageOf(error);
  const code = isVerifiedImagesError(error) ? error.code : "fault";
  const known = error instanceof VerifyError || error instanceof PushFailedError;
  const evidence = known && error.evidence !== undefined ? error.evidence : null;
  return { error: { code, message }, ...(evidence === null ? {} : { evidence }) };
}
