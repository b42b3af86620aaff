import { digestReference } from "../../../base/reference/explicit";
import type { Digest } from "../../../base/reference/types";
import { findCredentials } from "../docker-credentials";
import { RegistryError } from "../errors";
import { advice } from "../explain";
import type { ReferrersAnswer } from "../tool";
import { MOST, MOST_INDEX_BYTES } from "./attached";
import { asking, unaskedWords, type ReferrersQuestion } from "./question";
import { readReferrers } from "./read";

/** A list of referrers comes in pages. */
const PAGES = 50;
const INDEX = "application/vnd.oci.image.index.v1+json";

/**
 * Asks a registry for referrers without credentials. Where it wants some, it is not asked: a program that is made for that
 * has to prove who asks.
 *
 * @throws {RegistryError} when it answers something unusable, or too late
 */
export async function askDirectly(question: ReferrersQuestion): Promise<ReferrersAnswer> {
  const { host, repository, digest, isPlain } = question;
  const unasked = (why: string): ReferrersAnswer => ({ asked: false, why: unaskedWords(question, why) });
  if (await hasCredentials(host)) return unasked("it wants credentials for that");
  const path = repository.slice(host.length + 1);
  let next: string | null = `${isPlain ? "http" : "https"}://${host}/v2/${path}/referrers/${digest}`;
  const digests = new Set<Digest>();
  for (let page = 1; next !== null; page++) {
    if (page > PAGES || digests.size > MOST) throw unusable(question, "its list does not end");
    const answer = await get(next, question);
    if (answer === null) return unasked("it could not be reached without skopeo");
    const { status, text } = answer;
    if (status === 401 || status === 403) return unasked("it wants credentials for that");
    // A registry without such lists says 404 (OCI distribution spec, listing referrers).
    if (status === 404 && page === 1) return { asked: true, digests: [] };
    if (status !== 200)
      throw unusable(question, `it answered ${status}`, `: ${advice(String(status), host)}`);
    const listed = readReferrers(text, `the referrers of ${digestReference(repository, digest)}`);
    if (listed === null) throw unusable(question, "its answer is no list of manifests");
    for (const one of listed) digests.add(one);
    next = nextPage(answer.link, next);
  }
  return { asked: true, digests: [...digests] };
}

async function hasCredentials(host: string): Promise<boolean> {
  if ((process.env.REGISTRY_AUTH_FILE ?? "") !== "" || host === "docker.io") return true;
  return (await findCredentials(host)).kind !== "none";
}

const unusable = (question: ReferrersQuestion, what: string, more = ""): RegistryError =>
  new RegistryError(
    `${asking(question)}: the registry ${question.host} gave no usable answer (${what}), so what belongs to the image ` +
      `can't be told${more}`,
  );

/** @returns null when no connection could be made */
async function get(
  url: string,
  question: ReferrersQuestion,
): Promise<{ status: number; text: string; link: string | null } | null> {
  const signal = AbortSignal.timeout(question.limitMs);
  try {
    const answer = await fetch(url, { headers: { accept: INDEX }, signal });
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      if (!(chunk instanceof Uint8Array)) continue;
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST_INDEX_BYTES)
        throw unusable(question, "its list is longer than registries may send");
    }
    return { status: answer.status, text, link: answer.headers.get("link") };
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    if (signal.aborted)
      throw unusable(question, `none within ${question.limitMs / 1000} s, see \`timeouts.inspect\``);
    return null;
  }
}

/** The next page's address; null: this was the last one, or the next one is elsewhere. */
function nextPage(link: string | null, from: string): string | null {
  const target = /<([^<>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return null;
  const url = new URL(target, from);
  return url.origin === new URL(from).origin ? url.href : null;
}
