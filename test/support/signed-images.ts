import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { OCI_INDEX as INDEX, OCI_MANIFEST as IMAGE, sha256, type TestRegistry } from "./registry-client";

/** What an index says of a manifest. */
export interface Entry {
  mediaType: string;
  digest: string;
  size: number;
  [more: string]: unknown;
}

/** Puts a manifest under its digest, or a tag. */
async function put(registry: TestRegistry, path: string, manifest: object, tag?: string): Promise<Entry> {
  const text = JSON.stringify(manifest);
  const { mediaType } = manifest as { mediaType: string };
  await registry.putText(path, tag ?? sha256(text), mediaType, text);
  return { mediaType, digest: sha256(text), size: text.length };
}

/** Puts an image without layers. Another architecture makes another image. */
export async function putImage(
  registry: TestRegistry,
  path: string,
  tag: string,
  revision: string,
  architecture = "amd64",
): Promise<Entry> {
  const config = {
    ...{ os: "linux", architecture, config: { Labels: { [REVISION_LABEL]: revision } } },
    ...{ rootfs: { type: "layers", diff_ids: [] }, history: [] },
  };
  const blob = await registry.blob(path, JSON.stringify(config));
  const mediaType = "application/vnd.oci.image.config.v1+json";
  return await put(
    registry,
    path,
    { schemaVersion: 2, mediaType: IMAGE, config: { mediaType, ...blob }, layers: [] },
    tag,
  );
}

/** A manifest as cosign makes it, with a layer for each text. */
async function signatures(registry: TestRegistry, path: string, texts: readonly string[]): Promise<object> {
  const config = await registry.blob(path, "{}");
  const layers = await Promise.all(
    texts.map(async (text) => ({
      mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
      ...(await registry.blob(path, text)),
      annotations: { "dev.cosignproject.cosign/signature": text },
    })),
  );
  const mediaType = "application/vnd.oci.image.config.v1+json";
  return { schemaVersion: 2, mediaType: IMAGE, config: { mediaType, ...config }, layers };
}

/** Puts what cosign says of an image under cosign's tag; returns the tag. */
export async function putSigned(
  registry: TestRegistry,
  path: string,
  about: string,
  suffix: "sig" | "att" | "sbom",
  texts: readonly string[],
): Promise<string> {
  const tag = `${about.replace(":", "-")}.${suffix}`;
  await put(registry, path, await signatures(registry, path, texts), tag);
  return tag;
}

/** Puts an artifact that refers to a manifest, under its digest alone. */
export async function putReferrer(
  registry: TestRegistry,
  path: string,
  about: Entry,
  text: string,
): Promise<Entry> {
  const artifactType = "application/vnd.example.statement";
  const config = { mediaType: "application/vnd.oci.empty.v1+json", ...(await registry.blob(path, "{}")) };
  const layer = { mediaType: "text/plain", ...(await registry.blob(path, text)) };
  const { mediaType, digest, size } = about;
  const subject = { mediaType, digest, size };
  const manifest = { schemaVersion: 2, mediaType: IMAGE, artifactType, config, layers: [layer], subject };
  return { ...(await put(registry, path, manifest)), artifactType };
}

/** Puts the list that stands in for a registry that can't list referrers; returns its tag. */
export async function putList(
  registry: TestRegistry,
  path: string,
  about: string,
  entries: readonly Entry[],
): Promise<string> {
  const tag = about.replace(":", "-");
  await put(registry, path, { schemaVersion: 2, mediaType: INDEX, manifests: entries }, tag);
  return tag;
}

/** The digests that a list names, in order. */
export async function listedIn(registry: TestRegistry, path: string, tag: string): Promise<string[]> {
  const { manifests } = (await registry.json(path, "manifests", tag)) as { manifests: Entry[] };
  return manifests.map(({ digest }) => digest).sort();
}
