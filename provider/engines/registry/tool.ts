import type { Digest } from "../../base/reference/types";

/** A command line program that talks to registries. There is one implementation for each program. */
export interface RegistryTool {
  /**
   * The bytes of a manifest, as text. null only if the registry itself says that there is none.
   *
   * @param name `repository:tag` or `repository@digest`
   */
  manifest(name: string, host: string): Promise<string | null>;
  /** As `manifest`, in a repository that was read just now. Its tags need not be listed to believe that there is none. */
  manifestBeside(name: string, host: string): Promise<string | null>;
  /** The tags of a repository; null: they can't be listed, or there is no such repository. */
  tags(repository: string, host: string): Promise<string[] | null>;
  /**
   * What a registry itself lists as referrers of a manifest that it has (OCI distribution spec, listing referrers).
   *
   * @throws {RegistryError} when the registry gives no usable answer
   */
  referrers(repository: string, host: string, digest: Digest): Promise<ReferrersAnswer>;
  /** The configuration, as JSON, of the image with this manifest. `digest` is the configuration's digest. */
  configuration(name: string, host: string, digest: string): Promise<string>;
  /** Copies a manifest and all that it refers to, byte by byte. */
  copy(from: NamedImage, to: NamedImage, signal?: AbortSignal): Promise<void>;
  /** Puts an index under a tag, byte by byte. Its manifests are in the repository. */
  putIndex(text: string, to: NamedImage, signal?: AbortSignal): Promise<void>;
}

/** An answer, or why there is no way to ask. A registry that keeps no such list has none. */
export type ReferrersAnswer = { asked: true; digests: Digest[] } | { asked: false; why: string };

export interface NamedImage {
  name: string;
  host: string;
}
