import { Semaphore } from "../../../base/process/semaphore";
import type { Digest } from "../../../base/reference/types";
import { addressOf } from "../address";
import { DigestMismatchError } from "../errors";
import { digestOf } from "../manifest";
import type { RegistryTool } from "../tool";

/** Questions at a time. */
const AT_ONCE = 4;

/** What is asked of one repository.  */
export interface RepositoryReader {
  readonly repository: string;
  /** null: they can't be listed. */
  tags(): Promise<ReadonlySet<string> | null>;
  /**
   * A manifest by tag or digest; null: the registry says that there is none.
   *
   * @throws {RegistryError} when that can't be told
   */
  manifest(name: string): Promise<{ text: string; digest: Digest } | null>;
  /**
   * What the registry itself lists as referrers; none if it keeps no such list.
   *
   * @throws {RegistryError} when that can't be told
   */
  referrers(digest: Digest): Promise<Digest[]>;
  /** Why the registry was not asked for referrers; null: it was. */
  unasked(): string | null;
}

/**
 * Reads a repository through a tool. Digests are computed here, from the bytes that the tool gives.
 *
 * @param isReadable whether it was read just now; else "there is none" is believed only if its tags can be listed
 */
export function readerOf(tool: RegistryTool, repository: string, isReadable: boolean): RepositoryReader {
  const { host } = addressOf(`${repository}:latest`);
  const seats = new Semaphore();
  let why: string | null = null;
  /** What was found by digest, which can't change. */
  const read = new Map<string, { text: string; digest: Digest }>();

  async function inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const leave = await seats.take(AT_ONCE);
    try {
      return await ask();
    } finally {
      leave();
    }
  }

  return {
    repository,
    async tags() {
      const tags = await tool.tags(repository, host);
      return tags === null ? null : new Set(tags);
    },
    async manifest(name) {
      const known = read.get(name);
      if (known !== undefined) return known;
      const { name: full, digest } = addressOf(`${repository}${name.includes(":") ? "@" : ":"}${name}`);
      const text = await inTurn(() =>
        isReadable ? tool.manifestBeside(full, host) : tool.manifest(full, host),
      );
      if (text === null) return null;
      const found = digestOf(text, digest?.split(":")[0]);
      if (digest !== null && found !== digest) {
        throw new DigestMismatchError(
          `the registry was asked for ${full}, but its answer has the digest ${found}`,
        );
      }
      if (digest !== null) read.set(name, { text, digest: found });
      return { text, digest: found };
    },
    async referrers(digest) {
      if (why !== null) return [];
      const answer = await inTurn(() => tool.referrers(repository, host, digest));
      if (!answer.asked) why = answer.why;
      return answer.asked ? answer.digests : [];
    },
    unasked: () => why,
  };
}
