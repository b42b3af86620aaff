import type { dynamic } from "@pulumi/pulumi";
import { surviveBrokenOutput } from "./pulumi/host/broken-output";
import { image as imageProvider } from "./pulumi/image/image-provider";
import { promotion as promotionProvider } from "./pulumi/promotion/promotion-provider";
import { withVisibleCheck } from "./pulumi/host/visible-check";
import { staging as stagingProvider } from "./pulumi/staging/staging-provider";

/** What the serialised stub of `ReproducibleImage` calls; no other use is meant. */
export const image: dynamic.ResourceProvider = withVisibleCheck(imageProvider);

/** The same for `PromotedImage`. */
export const promotion: dynamic.ResourceProvider = withVisibleCheck(promotionProvider);

/** The same for the steps of a `StagedRelease`. */
export const staging: dynamic.ResourceProvider = withVisibleCheck(stagingProvider);

surviveBrokenOutput();
