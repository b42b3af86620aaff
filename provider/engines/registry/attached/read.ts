import { z } from "zod";
import { AmbiguousJsonError, parseUnambiguous } from "../../../base/json/unambiguous";
import { digest } from "../../../base/reference/schemas";
import type { Digest } from "../../../base/reference/types";
import { RegistryError } from "../errors";
import { MOST_INDEX_BYTES, type Descriptor } from "./attached";

/** The fields that decide where a manifest belongs, as the OCI image spec spells them. */
const FIELDS = [
  ...["schemaVersion", "mediaType", "artifactType", "config", "layers", "manifests"],
  ...["subject", "digest", "size", "annotations"],
];
const MAPS = ["annotations"];

const INDEX = "application/vnd.oci.image.index.v1+json";
const IMAGE = "application/vnd.oci.image.manifest.v1+json";

const part = z.object({ digest, size: z.number().nonnegative() });
const manifest = z.object({
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional().catch(undefined),
  subject: part.nullish(),
  config: part.extend({ mediaType: z.string().optional() }).nullish(),
  layers: z.array(part).nullish(),
  manifests: z.array(part).nullish(),
});

/** What a manifest says of itself. */
export interface AttachedFacts {
  /** The manifest that it belongs to; null: it names none. */
  subject: Digest | null;
  layers: number;
  /** Of its configuration and its layers. */
  bytes: number;
  /** What it lists, if it is an index. */
  children: Digest[];
  isIndex: boolean;
  descriptor: Descriptor;
}

/** @throws {RegistryError} for a text that two programs read in different ways; null for one that is no JSON */
function parsed(text: string, name: string): unknown {
  try {
    return parseUnambiguous(text, FIELDS, MAPS);
  } catch (error) {
    if (!(error instanceof AmbiguousJsonError)) return null;
    throw new RegistryError(
      `what the registry has as ${name} ${error.message}, which programs read in different ways: ` +
        "what belongs to the image can't be told; delete that manifest, or make it again",
    );
  }
}

/**
 * Reads the manifest of an image, of an artifact, or an index.
 *
 * @param own the digest of the text
 * @throws {RegistryError} when it is none, or when programs read it in different ways
 */
export function readAttached(text: string, own: Digest, name: string): AttachedFacts {
  const read = manifest.safeParse(parsed(text, name));
  if (!read.success) {
    throw new RegistryError(
      `what the registry has as ${name} can't be read as a manifest: what belongs to the image can't be told; ` +
        "delete that manifest, or make it again",
    );
  }
  const { mediaType, artifactType, annotations, subject, config, layers, manifests } = read.data;
  const isIndex = Array.isArray(manifests);
  const type = artifactType ?? config?.mediaType;
  const parts = [...(config ? [config] : []), ...(layers ?? [])];
  return {
    subject: subject?.digest ?? null,
    layers: layers?.length ?? 0,
    bytes: parts.reduce((sum, { size }) => sum + size, 0),
    children: (manifests ?? []).map((child) => child.digest),
    isIndex,
    descriptor: {
      mediaType: mediaType ?? (isIndex ? INDEX : IMAGE),
      digest: own,
      size: Buffer.byteLength(text),
      ...(type === undefined ? {} : { artifactType: type }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

/** In the order in which skopeo writes them: its older releases put no list that they would write in another way. */
const list = z.looseObject({
  schemaVersion: z.unknown(),
  mediaType: z.unknown(),
  manifests: z.array(z.looseObject({ mediaType: z.unknown(), digest, size: z.unknown() })),
});

/**
 * The digests in a list of referrers; null: the text is something else, such as an image that somebody gave that tag.
 *
 * @throws {RegistryError} when programs read it in different ways
 */
export function readReferrers(text: string, name: string): Digest[] | null {
  const read = list.safeParse(parsed(text, name));
  return read.success ? [...new Set(read.data.manifests.map((entry) => entry.digest))] : null;
}

/**
 * A list of referrers with more of them. What it lists already stays as it is.
 *
 * @param text the list that is there; null: none
 * @returns the new text; null: it lists all of them
 * @throws {RegistryError} when what is there is no list, or the new one is too long
 */
export function withReferrers(text: string | null, more: readonly Descriptor[], name: string): string | null {
  const empty = { schemaVersion: 2, mediaType: INDEX, manifests: [] };
  const there =
    text === null ? { success: true as const, data: list.parse(empty) } : list.safeParse(parsed(text, name));
  if (!there.success) {
    throw new RegistryError(
      `${name} is the tag that lists what belongs to the image, but it stands for something else there, which is not ` +
        "overwritten; delete that tag, or choose another repository",
    );
  }
  const listed = new Set(there.data.manifests.map((entry) => entry.digest));
  const lacking = more.filter((entry) => !listed.has(entry.digest));
  if (lacking.length === 0) return null;
  const whole = JSON.stringify({ ...there.data, manifests: [...there.data.manifests, ...lacking] });
  if (Buffer.byteLength(whole) > MOST_INDEX_BYTES) {
    throw new RegistryError(
      `${name} would list more referrers than a registry takes (${MOST_INDEX_BYTES / 1024 ** 2} MiB); delete some of them`,
    );
  }
  return whole;
}
