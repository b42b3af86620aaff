import type { Digest } from "../../base/reference/types";
import type { HistoryStep } from "../ancestry";

/** One image of a manifest: all there is of a single-platform one, one entry of an index. */
export interface PlatformImage {
  /** `linux/amd64`, `linux/arm/v7`, from the image's own configuration. */
  platform: string;
  /** Digest of its own manifest: its image ID in an engine with the containerd store, if it has no index. */
  manifestDigest: Digest;
  /** Digest of the image's configuration (OCI image spec): its image ID in an engine with the classic store. */
  configDigest: Digest;
  labels: Record<string, string>;
  /** What its own manifest says of it (OCI image spec, annotations). */
  annotations: Record<string, string>;
  /** The oldest entry first; empty where its builder has left it out. */
  history: HistoryStep[];
}

/** What a registry has under one reference. */
export interface RegistryImage {
  /** Host and path, without tag and digest. */
  repository: string;
  /** Digest of the manifest's or index's bytes, computed here. */
  digest: Digest;
  mediaType: string;
  /** Whether it is an index, with an image for each of several platforms (or of one). */
  isIndex: boolean;
  /** What the manifest or index says of itself. */
  annotations: Record<string, string>;
  /** At least one; attestations of an index are left out. */
  images: PlatformImage[];
}

/** One manifest, by digest, in the repository that has it. */
export interface Manifest {
  /** Host and path. */
  repository: string;
  digest: Digest;
}

/**
 * Everything this package asks of registries, with the user's own credentials. Nothing is built or pulled.
 * References are texts that name their registry's host.
 */
export interface Registry {
  /** The digest that a reference stands for; null only if the registry itself says that there is none. */
  digestOf(reference: string): Promise<Digest | null>;
  /**
   * The image with the configuration of each platform; null as for `digestOf`.
   *
   * @throws {RegistryError} when that can't be told
   */
  describe(reference: string): Promise<RegistryImage | null>;
  /**
   * Makes a tag stand for a manifest, byte by byte the same, copying what its repository lacks.
   *
   * @throws {RegistryError} when it can't be done
   */
  point(manifest: Manifest, target: string, signal?: AbortSignal): Promise<void>;
}
