import { surviveBrokenOutput } from "./pulumi/broken-output";

/** What the serialised provider shells call; no other use is meant. */
export { image } from "./pulumi/image-provider";
export { promotion } from "./pulumi/promotion-provider";
export { staging } from "./pulumi/staging-provider";

surviveBrokenOutput();
