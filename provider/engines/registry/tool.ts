/** A command line program that talks to registries. There is one implementation for each program. */
export interface RegistryTool {
  /**
   * The bytes of a manifest, as text. null only if the registry itself says that there is none.
   *
   * @param name `repository:tag` or `repository@digest`
   */
  manifest(name: string, host: string): Promise<string | null>;
  /** The configuration, as JSON, of the image with this manifest. `digest` is the configuration's digest. */
  configuration(name: string, host: string, digest: string): Promise<string>;
  /** Copies a manifest and all that it refers to, byte by byte. */
  copy(from: NamedImage, to: NamedImage, signal?: AbortSignal): Promise<void>;
}

export interface NamedImage {
  name: string;
  host: string;
}
