import { InputError } from "../provider/inputs/failure";
import type { World } from "./world";

/** Where the address of a server comes from, and how it is called. */
export interface AddressSource {
  flag: string;
  /** The variable that counts without the flag. */
  variable: string;
  /** The address that counts without both. */
  otherwise: string;
  /** What the address is of: `a package index`. */
  what: string;
}

/**
 * The address of a server, ending with a slash.
 *
 * @param given what the flag has
 * @throws {InputError} when it is no http(s) address
 */
export function httpAddress(
  given: string | undefined,
  env: World["env"],
  { flag, variable, otherwise, what }: AddressSource,
): URL {
  const text = given ?? env[variable] ?? otherwise;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const reason = `expected the http(s) address of ${what} (else ${variable})`;
    throw new InputError([{ property: flag, reason }]);
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
