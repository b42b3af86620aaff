/** A file of an image. Its digest is its name. */
export interface Blob {
  digest: string;
  /** In bytes. */
  size: number;
}

/** The file of a layer, and its first bytes. */
export interface Layer extends Blob {
  start: Buffer;
}

/** An OCI image manifest (OCI image spec, image manifest), without optional fields. */
export interface Manifest {
  schemaVersion: 2;
  mediaType: string;
  config: Blob & { mediaType: string };
  layers: (Blob & { mediaType: string })[];
}

const TYPE = "application/vnd.oci.image";

/** How a layer is compressed, by its first bytes (RFC 1952, RFC 8878). */
function packing(start: Buffer): "" | "+gzip" | "+zstd" {
  if (start.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return "+gzip";
  if (start.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return "+zstd";
  return "";
}

/**
 * Makes the manifest for an image's parts. If they don't belong together, it is a sentence that says why. A layer that
 * is not compressed must have the digest that the configuration names.
 *
 * @param diffIds digests of the uncompressed layers, from the configuration
 */
export function manifestOf(
  config: Blob,
  layers: readonly Layer[],
  diffIds: readonly string[],
): Manifest | string {
  if (layers.length !== diffIds.length)
    return `it has ${layers.length} layers, and its configuration names ${diffIds.length}`;
  for (const [at, layer] of layers.entries()) {
    if (packing(layer.start) === "" && layer.digest !== diffIds[at])
      return `its layer ${at} is ${layer.digest}, and its configuration names ${diffIds[at]}`;
  }
  return {
    schemaVersion: 2,
    mediaType: `${TYPE}.manifest.v1+json`,
    config: { mediaType: `${TYPE}.config.v1+json`, digest: config.digest, size: config.size },
    layers: layers.map(({ digest, size, start }) => ({
      mediaType: `${TYPE}.layer.v1.tar${packing(start)}`,
      digest,
      size,
    })),
  };
}

/** The index of a layout with one manifest. It is named `latest`, which is looked for if no name is given. */
export function indexOf(mediaType: string, manifest: Blob): object {
  const annotations = { "org.opencontainers.image.ref.name": "latest" };
  return { schemaVersion: 2, manifests: [{ mediaType, ...manifest, annotations }] };
}
