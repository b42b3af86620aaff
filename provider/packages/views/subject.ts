/** What a view is about, beside the lock itself. */
export interface Subject {
  name: string;
  timestamp: string;
  /** `sha256:` and hex. */
  imageId: string;
  /** Of the lock file's bytes. */
  lockHash: string;
  /** Full git SHA that the image was stamped with. */
  revision: string | null;
  /** What wrote the view. */
  tool: { name: string; version: string };
}
