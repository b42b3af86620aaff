/** The name in a build's reference: `<name>:<timestamp>`, or the path of an image that is a file of the store. */
export function nameOf(reference: string): string {
  if (!reference.endsWith(".sif")) return reference.slice(0, reference.lastIndexOf(":"));
  return reference.split("/").at(-2) ?? "";
}
