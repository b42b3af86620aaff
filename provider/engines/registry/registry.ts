import type { ConfigDigest, ManifestDigest, RegistryDigest } from "../../base/reference/types";
import type { HistoryStep } from "../ancestry";
import type { Attached } from "./attached/attached";
import type { Brought } from "./attached/count";

/** One image of a manifest: the only one, or one entry of an index. */
export interface PlatformImage {
  /** `linux/amd64`, `linux/arm/v7` and so on, from the image's own configuration. */
  platform: string;
  /** Digest of its own manifest. Without an index this is its image ID in an engine with the containerd image store. */
  manifestDigest: ManifestDigest;
  /** Digest of its configuration (OCI image spec). This is its image ID in an engine with the classic image store. */
  configDigest: ConfigDigest;
  labels: Record<string, string>;
  /** The annotations in its own manifest (OCI image spec, annotations). */
  annotations: Record<string, string>;
  /** Oldest entry first; empty if its builder left the history out. */
  history: HistoryStep[];
}

/** What a registry has under one reference. */
export interface RegistryImage {
  /** Host and path, without tag and digest. */
  repository: string;
  /** Digest of the bytes of the manifest or index, computed here. */
  digest: RegistryDigest;
  mediaType: string;
  /** Whether it is an index, with an image for each of its platforms. */
  isIndex: boolean;
  /** The annotations of the manifest or index. */
  annotations: Record<string, string>;
  /** At least one. The attestations of an index are left out. */
  images: PlatformImage[];
}

export interface Manifest {
  /** Host and path. */
  repository: string;
  digest: RegistryDigest;
}

/**
 * All that this package needs from registries. It uses the user's own credentials. Nothing is built or pulled.
 * References must name their registry's host.
 */
export interface Registry {
  /** The digest that a reference stands for. null only if the registry itself says that there is none. */
  digestOf(reference: string): Promise<RegistryDigest | null>;
  /**
   * The image that a reference stands for, with the configuration of each platform. null as for `digestOf`.
   *
   * @throws {RegistryError} when that can't be told
   */
  describe(reference: string): Promise<RegistryImage | null>;
  /**
   * Makes a tag stand for a manifest. The manifest stays the same byte by byte. What the tag's repository lacks is
   * copied.
   *
   * @throws {RegistryError} when it can't be done
   */
  point(manifest: Manifest, target: string, signal?: AbortSignal): Promise<void>;
  /**
   * What belongs to a manifest in its repository: signatures, attestations, referrers, and what belongs to these.
   *
   * @throws {RegistryError} when that can't be told
   */
  attached(manifest: Manifest): Promise<Attached>;
  /**
   * Copies all that belongs to an image into another repository. No tag of the image is moved.
   *
   * @throws {RegistryError} when something can't be copied
   */
  bring(attached: Attached, repository: string, signal?: AbortSignal): Promise<Brought>;
}
