import { KeyedMutex } from "../../../base/process/keyed-mutex";
import { digestReference } from "../../../base/reference/explicit";
import type { Digest } from "../../../base/reference/types";
import { addressOf } from "../address";
import { RegistryError } from "../errors";
import type { RegistryTool } from "../tool";
import type { Attached, Attachment, Descriptor } from "./attached";
import { counted, type Brought } from "./count";
import { referrersTag } from "./names";
import { readerOf, type RepositoryReader } from "./reader";
import { readReferrers, withReferrers } from "./read";

/** Lets one list of referrers be changed by one promotion at a time, as far as this process goes. */
const lists = new KeyedMutex();

/**
 * Copies what belongs to an image into another repository, and the image itself, under its digest alone: no tag of the
 * image is moved. A tag of cosign's that stands for something else there is kept.
 *
 * @throws {RegistryError} when something can't be copied, or is not there afterwards
 */
export async function bringAttached(
  tool: RegistryTool,
  attached: Attached,
  repository: string,
  signal?: AbortSignal,
): Promise<Brought> {
  const none = { signatures: 0, attestations: 0, sboms: 0, referrers: 0, there: 0 };
  let brought: Brought = { repository, ...none, kept: [], unasked: attached.unasked };
  if (attached.items.length === 0) return brought;
  const there = readerOf(tool, repository, false);
  const copy = async (digest: Digest, to: string): Promise<void> => {
    const from = addressOf(digestReference(attached.repository, digest));
    await tool.copy(from, addressOf(to), signal);
  };
  // A registry may refuse, or throw away, what belongs to an image that it does not have.
  await copy(attached.image, digestReference(repository, attached.image));
  for (const item of attached.items) {
    const found = await there.manifest(item.tag ?? item.digest);
    if (found?.digest === item.digest) brought.there += 1;
    else if (found !== null) brought.kept.push(item.tag ?? item.digest);
    else {
      await copy(
        item.digest,
        item.tag === null ? digestReference(repository, item.digest) : `${repository}:${item.tag}`,
      );
      await demand(there, item);
      brought = counted(brought, item.kind, item.count);
    }
  }
  for (const [about, more] of bySubject(attached.items)) await list(tool, there, about, more, signal);
  return brought;
}

/** @throws {RegistryError} when an attachment is not where it was copied to */
async function demand(there: RepositoryReader, { tag, digest }: Attachment): Promise<void> {
  const name = tag ?? digest;
  const found = await there.manifest(name);
  if (found?.digest === digest) return;
  throw new RegistryError(
    `${digest} was copied to ${there.repository} as ${name}, but ${found?.digest ?? "nothing"} is there when it is read back`,
  );
}

function bySubject(items: readonly Attachment[]): Map<Digest, Descriptor[]> {
  const subjects = new Map<Digest, Descriptor[]>();
  for (const { about, tag, descriptor } of items) {
    if (tag === null) subjects.set(about, [...(subjects.get(about) ?? []), descriptor]);
  }
  return subjects;
}

/** Makes sure that the repository lists these referrers: the registry itself, or the tag that stands in for that. */
async function list(
  tool: RegistryTool,
  there: RepositoryReader,
  about: Digest,
  more: readonly Descriptor[],
  signal?: AbortSignal,
): Promise<void> {
  const known = new Set(await there.referrers(about));
  if (more.every(({ digest }) => known.has(digest))) return;
  const tag = referrersTag(about);
  const name = `${there.repository}:${tag}`;
  const leave = await lists.enter(name, { signal });
  try {
    const text = withReferrers((await there.manifest(tag))?.text ?? null, more, name);
    if (text === null) return;
    await tool.putIndex(text, addressOf(name), signal);
    const after = await there.manifest(tag);
    const listed = new Set(after === null ? [] : readReferrers(after.text, name));
    const lost = more.filter(({ digest }) => !listed.has(digest));
    if (lost.length === 0) return;
    throw new RegistryError(
      `${name} does not list ${lost.map(({ digest }) => digest).join(", ")} when it is read back; somebody may have changed ` +
        "it at the same time: promote again",
    );
  } finally {
    leave();
  }
}
