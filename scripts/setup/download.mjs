import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { attempt, lastLines } from "./run.mjs";
import { findFirst } from "./which.mjs";

const LONGEST = 900;

/** For machines without curl. @returns {Promise<string | null>} */
async function downloadWithoutCurl(url, file, signal) {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST * 1000)]);
    const response = await fetch(url, { signal: limit });
    if (!response.ok || !response.body) return `HTTP status ${response.status}`;
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal: limit });
    return null;
  } catch (error) {
    return error.cause?.message ?? error.message;
  }
}

/**
 * Fetches a URL into a file, with curl where there is one: it knows the user's proxies and certificates. An
 * unreachable host is given up after 8 seconds, a stalled transfer after 30.
 * @param {string} url
 * @param {string} file
 * @param {{log: string, signal: AbortSignal}} options
 * @returns {Promise<string | null>} null when done; otherwise why not, in a few words
 */
export async function download(url, file, { log, signal }) {
  if (!findFirst("curl")) return downloadWithoutCurl(url, file, signal);
  const limits = [
    "--connect-timeout",
    "8",
    "--speed-limit",
    "1000",
    "--speed-time",
    "30",
    "--max-time",
    `${LONGEST}`,
  ];
  const result = await attempt("curl", ["-fsSL", ...limits, "-o", file, url], { log, signal });
  if (result.ok) return null;
  return lastLines(result.stderr, 1)[0]?.replace(/^curl: \(\d+\) /, "") ?? result.ending;
}

/**
 * Whether a URL answers within a few seconds.
 * @param {string} url
 * @param {AbortSignal} signal
 */
export async function isReachable(url, signal) {
  if (findFirst("curl")) {
    const limits = ["--connect-timeout", "5", "--max-time", "10"];
    return (await attempt("curl", ["-fsSLI", ...limits, "-o", "/dev/null", url], { signal })).ok;
  }
  try {
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}

/**
 * The sha256 of a file in hex.
 * @param {string} file
 */
export async function sha256Of(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
