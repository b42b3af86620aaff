/** A command line program that speaks to registries. One implementation per program. */
export interface RegistryTool {
  /**
   * The bytes of a manifest, as text; null only on the registry's own word that there is none.
   *
   * @param name `repository:tag` or `repository@digest`
   */
  manifest(name: string, host: string): Promise<string | null>;
  /** The configuration of the image with this manifest, as JSON; `digest` is the configuration's own. */
  configuration(name: string, host: string, digest: string): Promise<string>;
  /** Copies a manifest with all that it refers to, byte by byte. */
  copy(from: Place, to: Place, signal?: AbortSignal): Promise<void>;
}

/** A name in a registry, with the registry's host. */
export interface Place {
  name: string;
  host: string;
}
