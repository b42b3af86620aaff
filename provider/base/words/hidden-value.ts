import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

const FORM = /^scrypt:([0-9a-f]{32}):([0-9a-f]{64})$/;

/** Slow on purpose (some 50 ms), so that short values can't be guessed quickly. */
const digestOf = (value: string, salt: string): Buffer => scryptSync(value, salt, 32);

/**
 * A value as a salted hash.
 *
 * @param salt 32 hex digits; default: random ones
 */
export function hiddenValue(value: string, salt: string = randomBytes(16).toString("hex")): string {
  return `scrypt:${salt}:${digestOf(value, salt).toString("hex")}`;
}

/** Whether a hash was made from this value. */
export function isHiddenValue(hash: string, value: string): boolean {
  const [, salt = "", digest = ""] = FORM.exec(hash) ?? [];
  return digest !== "" && timingSafeEqual(Buffer.from(digest, "hex"), digestOf(value, salt));
}
