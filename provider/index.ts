import type { dynamic } from "@pulumi/pulumi";
import { surviveBrokenOutput } from "./pulumi/host/broken-output";
import { image as imageProvider } from "./pulumi/image/image-provider";
import { promotion as promotionProvider } from "./pulumi/promotion/promotion-provider";
import { staging as stagingProvider } from "./pulumi/staging/staging-provider";

/** What the serialised stub of `ReproducibleImage` calls; no other use is meant. */
export const image: dynamic.ResourceProvider = imageProvider;

/** The same for `PromotedImage`. */
export const promotion: dynamic.ResourceProvider = promotionProvider;

/** The same for the steps of a `StagedRelease`. */
export const staging: dynamic.ResourceProvider = stagingProvider;

surviveBrokenOutput();
