import { visible } from "../../base/words/visible";
import { createHash } from "node:crypto";
import { z } from "zod";
import { AmbiguousJsonError, parseUnambiguous } from "../../base/json/unambiguous";
import { asConfigDigest, asManifestDigest, asRegistryDigest, parseDigest } from "../../base/reference/digest";
import { digest } from "../../base/reference/schemas";
import type { ConfigDigest, ManifestDigest, RegistryDigest } from "../../base/reference/types";
import type { HistoryStep } from "../ancestry";
import { NotAnImageError } from "./errors";

type ManifestFacts =
  | { kind: "image"; mediaType: string; annotations: Record<string, string>; configDigest: ConfigDigest }
  | {
      kind: "index";
      mediaType: string;
      annotations: Record<string, string>;
      /** The images. */
      children: ManifestDigest[];
      /** What is marked as an attestation. `isAttestation` says of its manifest whether it is one. */
      marked: ManifestDigest[];
    };

/** The fields of manifests and configurations that decide something, as the OCI image spec spells them. */
const FIELDS = [
  ...["schemaVersion", "mediaType", "config", "layers", "manifests", "digest", "annotations", "platform"],
  ...["os", "architecture", "variant", "Labels", "history", "created", "created_by"],
];
/** Fields whose keys are names of users' own. */
const MAPS = ["annotations", "Labels", "Volumes", "ExposedPorts"];

/** Annotations decide nothing, so unreadable ones count as none. */
const annotations = z.record(z.string(), z.string()).catch({});
const image = z.object({ mediaType: z.string().optional(), annotations, config: z.object({ digest }) });
const index = z.object({
  mediaType: z.string().optional(),
  annotations,
  manifests: z.array(
    z.object({
      digest,
      annotations: z.record(z.string(), z.string()).nullish(),
      platform: z.object({ os: z.string().optional(), architecture: z.string().optional() }).nullish(),
    }),
  ),
});

/** The digest of the UTF-8 bytes of a manifest or index (OCI image spec, descriptors). */
export function digestOf(text: string, algorithm = "sha256"): RegistryDigest {
  return asRegistryDigest(
    parseDigest(`${algorithm}:${createHash(algorithm).update(text, "utf8").digest("hex")}`),
  );
}

/** The type of an attestation's layers (in-toto attestation framework). BuildKit's attestations have no other layer. */
const STATEMENT = "application/vnd.in-toto+json";
const attestation = z.object({ layers: z.array(z.object({ mediaType: z.literal(STATEMENT) })).min(1) });

/** Whether a manifest is surely that of an attestation: every layer of it is a statement, so no engine can run it. */
export function isAttestation(text: string, name: string): boolean {
  return attestation.safeParse(parsed(text, name)).success;
}

/**
 * Reads a manifest (Docker schema 2, OCI image spec). BuildKit marks the attestations of an index in two ways: with an
 * annotation, and with the platform `unknown/unknown`. An entry that has one mark only is an image.
 *
 * @throws {NotAnImageError} when it is neither an image nor an index with images, or when others may read it differently
 */
export function readManifest(text: string, name: string): ManifestFacts {
  const json = parsed(text, name);
  if (z.object({ manifests: z.unknown(), config: z.unknown() }).safeParse(json).success) {
    throw new NotAnImageError(
      `what the registry has as ${name} is both an image and an index (it has "config" and "manifests"); expected one of them`,
    );
  }
  const asImage = image.safeParse(json);
  if (asImage.success) {
    const { mediaType, config, ...rest } = asImage.data;
    return {
      kind: "image",
      mediaType: mediaType ?? "",
      configDigest: asConfigDigest(config.digest),
      ...rest,
    };
  }
  const asIndex = index.safeParse(json);
  if (!asIndex.success) {
    throw new NotAnImageError(
      `what the registry has as ${name} is neither an image nor an index of images; expected one of them`,
    );
  }
  const children = new Set<ManifestDigest>();
  const marked = new Set<ManifestDigest>();
  for (const { digest, annotations, platform } of asIndex.data.manifests) {
    const attested = annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
    const isMarked = attested && platform?.os === "unknown" && platform.architecture === "unknown";
    (isMarked ? marked : children).add(asManifestDigest(digest));
  }
  if (children.size === 0) {
    throw new NotAnImageError(
      `what the registry has as ${name} is an index without an image; expected at least one`,
    );
  }
  const { mediaType = "", annotations: own } = asIndex.data;
  const onlyMarked = [...marked].filter((digest) => !children.has(digest));
  return { kind: "index", mediaType, annotations: own, children: [...children], marked: onlyMarked };
}

/** Whether a text is a manifest of any kind. All kinds have a schema version. */
export function isManifest(text: string): boolean {
  try {
    return z.object({ schemaVersion: z.number() }).safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

const configuration = z.object({
  os: z.string().default(""),
  architecture: z.string().default(""),
  variant: z.string().nullish(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
  history: z.array(z.object({ created: z.string().nullish(), created_by: z.string().nullish() })).catch([]),
});

/**
 * Reads platform, labels and history from an image's configuration.
 *
 * @throws {NotAnImageError} when the text is no configuration
 */
export function readConfiguration(
  text: string,
  name: string,
): { platform: string; labels: Record<string, string>; history: HistoryStep[] } {
  const read = configuration.safeParse(parsed(text, name));
  if (!read.success) throw new NotAnImageError(`the configuration of ${name} can't be understood`);
  const { os, architecture, variant, config } = read.data;
  const known = (part: string | undefined): string => visible(part?.trim() || "unknown");
  const platform = [known(os), known(architecture), ...(variant?.trim() ? [known(variant)] : [])].join("/");
  const history = read.data.history.map(({ created, created_by }) => ({
    createdBy: created_by ?? "",
    created: Math.floor(Date.parse(created ?? "") / 1000) || 0,
  }));
  return { platform, labels: { ...config?.Labels }, history };
}

/** @throws {NotAnImageError} when engines may read the text in another way; null for a text that is no JSON */
function parsed(text: string, name: string): unknown {
  try {
    return parseUnambiguous(text, FIELDS, MAPS);
  } catch (error) {
    if (!(error instanceof AmbiguousJsonError)) return null;
    throw new NotAnImageError(
      `what the registry has as ${name} ${error.message}, which programs read in different ways; build and push the image again`,
    );
  }
}
