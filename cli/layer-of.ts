/** The layer of a build's reference, `<layer>:<timestamp>`. Pure. */
export function layerOf(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(":"));
}
