/** A version with an optional local part, without a leading `v` (PEP 440, appendix B, normal forms). */
const VERSION =
  /^(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i;

export function isPythonVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Whether a name is normalised as in PEP 503. */
export function isPythonName(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}
