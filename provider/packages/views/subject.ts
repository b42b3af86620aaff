export interface Subject {
  name: string;
  timestamp: string;
  /** `sha256:` and hex. */
  imageId: string;
  /** Hash of the lock file's bytes. */
  lockHash: string;
  /** Full git SHA that the image was stamped with. */
  revision: string | null;
  /** The program that wrote the view. */
  tool: { name: string; version: string };
}
