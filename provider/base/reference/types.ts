declare const parsed: unique symbol;

/** Marks what only the parser makes: an object literal is never taken for a parsed reference. */
interface Parsed<Kind extends string> {
  readonly kind: Kind;
  readonly [parsed]: Kind;
}

/** A repository and a tag: a name that can move to another image at any time. */
export interface TagReference extends Parsed<"tag"> {
  /** Host with optional port; `docker.io` where none was written. */
  readonly registry: string;
  /** Path on the registry; `library/` included for official images of Docker Hub. */
  readonly repository: string;
  /** `latest` where none was written. */
  readonly tag: string;
  /** As it was written. */
  readonly text: string;
}

/** A repository and a digest: names one content for ever. */
export interface DigestReference extends Parsed<"digest"> {
  /** Host with optional port; `docker.io` where none was written. */
  readonly registry: string;
  /** Path on the registry; `library/` included for official images of Docker Hub. */
  readonly repository: string;
  /** The tag that was written beside the digest, if any; Docker ignores it when it resolves the reference. */
  readonly tag?: string;
  /** `sha256:<64 hex>` or `sha512:<128 hex>`, lower case. */
  readonly digest: string;
  /** As it was written. */
  readonly text: string;
}

/** The ID of an image in a local engine, always in its long form. */
export interface ImageId extends Parsed<"id"> {
  /** `sha256:<64 hex>`, lower case. */
  readonly id: string;
}

/** Everything an image can be named by. */
export type Reference = TagReference | DigestReference | ImageId;
