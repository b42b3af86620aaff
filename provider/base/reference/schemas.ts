import { z } from "zod";
import { isImageId } from "./digest";
import { isDigest } from "./grammar";
import { isTagReference } from "./explicit";
import type { ConfigDigest, Digest, ImageId, RegistryDigest, TagReference } from "./types";

export const imageId = z.custom<ImageId>((value) => typeof value === "string" && isImageId(value), {
  error: "expected an image ID: sha256: and 64 lower-case hex digits",
});

const anyDigest = <Kind extends Digest>() =>
  z.custom<Kind>((value) => typeof value === "string" && isDigest(value), {
    error: "expected a digest: sha256: and 64 lower-case hex digits",
  });

export const digest = anyDigest<Digest>();
export const configDigest = anyDigest<ConfigDigest>();
/** Of a manifest or index. */
export const registryDigest = anyDigest<RegistryDigest>();

/** A tag reference in a file or a state, in the form that `parseTagReference` writes. */
export const tagReference = z.custom<TagReference>(
  (value) => typeof value === "string" && isTagReference(value),
  { error: "expected a tag that is written out, such as web-app:production" },
);
