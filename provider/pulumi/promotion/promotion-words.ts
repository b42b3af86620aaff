/** A short image ID, as Docker shows it. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

/** What a preview says of an image that is not known before the update. */
export const KNOWN_LATER = "known after apply";

/** An image in a preview: its short ID and its revision. */
export function imageWords(id: string, revision: string | null): string {
  const label = (revision ?? "").trim();
  return `${shortId(id)} (${label === "" ? "no revision" : `revision ${label.slice(0, 12)}`})`;
}
