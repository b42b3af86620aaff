import { cantTell, gone, outOfOrder, said, type Judgement } from "./judgement";

const CODE = /^npm (?:ERR!|error) code (\S+)/;
/** npm read what the registry says about the package, and the package does not have what is wanted, or conflicts. */
const PROVEN = /^(?:ETARGET|ENOVERSIONS|ERESOLVE|EINTEGRITY)$/;
const STATUS = /^E(?:401|403|407|408|425|429|5[0-9][0-9])$/;
const NETWORK =
  /^(?:E(?:CONN\w+|NOTFOUND|TIMEDOUT|AI_AGAIN|NETUNREACH|HOSTUNREACH|PIPE|PROTO|RR_\w+)|ERR_SOCKET_TIMEOUT|ERR_SSL\w*|FETCH_ERROR|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_(?:GET|VERIFY)_\w+|CERT_\w+|DEPTH_ZERO_\w+)$/;
/** For a package with a scope a registry may answer 404 to those who lack access. */
const NOT_FOUND = /^npm (?:ERR!|error) 404 Not Found - GET https?:\/\/(?!\S*(?:@|%40))\S+/;
const DETAILS = [
  /^npm (?:ERR!|error) notarget No matching version found for /,
  /^npm (?:ERR!|error) code (?:ENOVERSIONS|ERESOLVE|EINTEGRITY)\b/,
  /^npm (?:ERR!|error) (?:peer|No versions available for) /,
  /^npm (?:ERR!|error) .*integrity checksum failed/,
];
const REQUEST = /^npm (?:ERR!|error) .*(?:request to http|https?:\/\/)/;

/** Where npm gave its last error; -1: nowhere. */
export const npmFailedAt = (lines: readonly string[]): number =>
  lines.findLastIndex((line) => CODE.test(line));

/** Judges a RUN in which npm failed by the last error that npm gave. Null: npm gave no error. */
export function judgeNpm(lines: readonly string[]): Judgement | null {
  const at = npmFailedAt(lines);
  if (at < 0) return null;
  const code = CODE.exec(lines[at] ?? "")?.[1] ?? "";
  const last = lines.slice(at);
  if (PROVEN.test(code)) {
    return gone(
      `npm could not repeat the locked installation: ${said(last.filter((line) => DETAILS.some((sign) => sign.test(line))))}`,
    );
  }
  if (code === "E404") {
    const missing = last.filter((line) => NOT_FOUND.test(line));
    if (missing.length > 0) return gone(`npm could not repeat the locked installation: ${said(missing)}`);
    return cantTell("npm's registry answered 404, which may also mean that access to the package is missing");
  }
  if (!STATUS.test(code) && !NETWORK.test(code)) return null;
  const request = last.find((line) => REQUEST.test(line));
  return outOfOrder(
    `npm's registry was out of order: ${said([lines[at] ?? "", ...(request === undefined ? [] : [request])])}`,
  );
}
