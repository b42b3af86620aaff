import { z } from "zod";
import { isImageId } from "./digest";
import { isDigest } from "./grammar";
import { isTarget } from "./target";
import type { ConfigDigest, Digest, ImageId, RegistryDigest, Target } from "./types";

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

/** A promotion's target in a file or a state, in the form that `parseTarget` writes. */
export const target = z.custom<Target>((value) => typeof value === "string" && isTarget(value), {
  error: "expected a tag that is written out, such as web-app:production, or a path that ends with .sif",
});
