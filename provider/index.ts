import { surviveBrokenOutput } from "./pulumi/host/broken-output";

/** What the serialised provider shells call; no other use is meant. */
export { image } from "./pulumi/image/image-provider";
export { promotion } from "./pulumi/promotion/promotion-provider";
export { staging } from "./pulumi/staging/staging-provider";

surviveBrokenOutput();
