/** The name in a build's reference, `<name>:<timestamp>`. */
export function nameOf(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(":"));
}
