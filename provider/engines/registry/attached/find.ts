import { digestReference } from "../../../base/reference/explicit";
import type { Digest } from "../../../base/reference/types";
import { RegistryError } from "../errors";
import type { Manifest } from "../registry";
import { MOST, MOST_BYTES, type Attached, type Attachment } from "./attached";
import { cosignTags, referrersTag } from "./names";
import { readAttached, readReferrers } from "./read";
import type { RepositoryReader } from "./reader";

interface Look {
  items: Attachment[];
  /** The images of an index. */
  children: Digest[];
  bytes: number;
}

/**
 * Finds what belongs to an image in its repository: cosign's tags, referrers, and what belongs to these in turn. Of an
 * index that is also what belongs to each of its images.
 *
 * @throws {RegistryError} when that can't be told
 */
export async function findAttached(
  reader: RepositoryReader,
  { repository, digest }: Manifest,
): Promise<Attached> {
  const tags = await reader.tags();
  const items: Attachment[] = [];
  const seen = new Set<Digest>([digest]);
  let bytes = 0;
  let level: { digest: Digest; isOwn: boolean }[] = [{ digest, isOwn: true }];
  while (level.length > 0) {
    const looks = await Promise.all(
      level.map(async (one) => ({ ...one, look: await lookAt(reader, tags, one.digest) })),
    );
    level = [];
    for (const { isOwn, look } of looks) {
      items.push(...look.items);
      if (!isOwn) bytes += look.bytes;
      const next = [
        ...look.children.map((child) => ({ digest: child, isOwn })),
        ...look.items.map((item) => ({ digest: item.digest, isOwn: false })),
      ];
      for (const one of next) {
        if (seen.has(one.digest)) continue;
        seen.add(one.digest);
        level.push(one);
      }
    }
    if (seen.size > MOST || items.length > MOST)
      throw tooMuch(repository, digest, `more than ${MOST} manifests`);
    if (bytes > MOST_BYTES) throw tooMuch(repository, digest, `more than ${MOST_BYTES / 1024 ** 3} GiB`);
  }
  return { repository, image: digest, items, unasked: reader.unasked() };
}

function tooMuch(repository: string, digest: Digest, what: string): RegistryError {
  return new RegistryError(
    `${what} belong to ${digestReference(repository, digest)} (signatures, attestations, referrers), which is more than a ` +
      "promotion copies; delete what nobody needs, or promote within the repository",
  );
}

/** @param tags the repository's tags; null: they can't be listed, so each is asked for by its name */
async function lookAt(
  reader: RepositoryReader,
  tags: ReadonlySet<string> | null,
  about: Digest,
): Promise<Look> {
  const self = await reader.manifest(about);
  // A list may name what was deleted since. What is not there belongs to nothing.
  if (self === null) return { items: [], children: [], bytes: 0 };
  const { children, bytes } = readAttached(self.text, about, about);
  const at = async (tag: string): Promise<{ text: string; digest: Digest } | null> =>
    tags !== null && !tags.has(tag) ? null : await reader.manifest(tag);

  const items: Attachment[] = [];
  for (const { tag, kind } of cosignTags(about)) {
    const found = await at(tag);
    if (found === null) continue;
    const { layers, descriptor } = readAttached(found.text, found.digest, tag);
    items.push({
      kind,
      count: kind === "sbom" ? 1 : Math.max(layers, 1),
      about,
      digest: found.digest,
      tag,
      descriptor,
    });
  }
  const tag = referrersTag(about);
  const listed = await at(tag);
  const referrers = new Set([
    ...((listed === null ? null : readReferrers(listed.text, tag)) ?? []),
    ...(await reader.referrers(about)),
  ]);
  if (referrers.size > MOST) throw tooMuch(reader.repository, about, `more than ${MOST} manifests`);
  const found = await Promise.all([...referrers].map((digest) => referrer(reader, about, digest)));
  return { items: [...items, ...found.flat()], children, bytes };
}

/** The attachment that a list names; none if it is gone, or says itself that it belongs to something else. */
async function referrer(reader: RepositoryReader, about: Digest, digest: Digest): Promise<Attachment[]> {
  const found = await reader.manifest(digest);
  if (found === null) return [];
  const { subject, descriptor } = readAttached(found.text, digest, digest);
  return subject === about ? [{ kind: "referrer", count: 1, about, digest, tag: null, descriptor }] : [];
}
