import { createHash } from "node:crypto";
import { z } from "zod";
import { parseDigest } from "../../base/reference/digest";
import { digest } from "../../base/reference/schemas";
import type { Digest } from "../../base/reference/types";
import type { HistoryStep } from "../ancestry";
import { NotAnImageError } from "./errors";

type ManifestFacts =
  | { kind: "image"; mediaType: string; annotations: Record<string, string>; configDigest: Digest }
  | { kind: "index"; mediaType: string; annotations: Record<string, string>; children: Digest[] };

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

/** The digest of a text's UTF-8 bytes (OCI image spec, descriptors). */
export function digestOf(text: string, algorithm = "sha256"): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(text, "utf8").digest("hex")}`);
}

/**
 * Reads a manifest (Docker schema 2, OCI image spec). The attestations of an index are left out. BuildKit marks them in
 * two ways: with an annotation, and with the platform `unknown/unknown`. Only an entry that has both marks is left out.
 *
 * @throws {NotAnImageError} when it is neither an image nor an index with images
 */
export function readManifest(text: string, name: string): ManifestFacts {
  const json = parsed(text);
  const asImage = image.safeParse(json);
  if (asImage.success) {
    const { mediaType, config, ...rest } = asImage.data;
    return { kind: "image", mediaType: mediaType ?? "", configDigest: config.digest, ...rest };
  }
  const asIndex = index.safeParse(json);
  if (!asIndex.success) {
    throw new NotAnImageError(
      `what the registry has as ${name} is neither an image nor an index of images; expected one of them`,
    );
  }
  const children = asIndex.data.manifests
    .filter(({ annotations, platform }) => {
      const attested = annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
      return !(attested && platform?.os === "unknown" && platform.architecture === "unknown");
    })
    .map((child) => child.digest);
  if (children.length === 0) {
    throw new NotAnImageError(
      `what the registry has as ${name} is an index without an image; expected at least one`,
    );
  }
  const { mediaType = "", annotations: own } = asIndex.data;
  return { kind: "index", mediaType, annotations: own, children: [...new Set(children)] };
}

/** Whether a text is a manifest of any kind. All kinds have a schema version. */
export function isManifest(text: string): boolean {
  return z.object({ schemaVersion: z.number() }).safeParse(parsed(text)).success;
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
  const read = configuration.safeParse(parsed(text));
  if (!read.success) throw new NotAnImageError(`the configuration of ${name} can't be understood`);
  const { os, architecture, variant, config } = read.data;
  const platform = [os, architecture, variant ?? ""].filter((part) => part !== "").join("/");
  const history = read.data.history.map(({ created, created_by }) => ({
    createdBy: created_by ?? "",
    created: Math.floor(Date.parse(created ?? "") / 1000) || 0,
  }));
  return { platform, labels: { ...config?.Labels }, history };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
