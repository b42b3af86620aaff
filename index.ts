export { ReproducibleImage, type ReproducibleImageArgs } from "./provider/pulumi/reproducible-image";
export { PromotedImage, type PromotedImageArgs } from "./provider/pulumi/promoted-image";
export { StagedRelease } from "./components/staged-release";
export type {
  ProductionArgs,
  StagedReleaseArgs,
  StagingArgs,
  StagingCheckArgs,
} from "./components/staged-release-args";
export { provenanceVerdict, type Verdict } from "./provider/gate/verdict";
export { imageFreshnessApplies, type Rollout } from "./provider/gate/rollout";
export { validatedRevision } from "./provider/git/revision";
export {
  buildReproducible,
  checkVerified,
  expectedRevision,
  imageRevision,
  verifyRoundTrip,
  type CheckVerifiedOptions,
} from "./provider/functions/on-call";
export { VerifiedImagesError, isVerifiedImagesError } from "./provider/errors/base";
export { VerifyError } from "./provider/errors/verify-error";
export { HoldLostError, LayerHeldError } from "./provider/hold/errors";
export { InputError } from "./provider/inputs/failure";
export type { ImageInputs } from "./provider/inputs/image-inputs";
export type { ImageOutputs } from "./provider/roundtrip/outputs";
export type { Drift, Lock, LockedBase, LockedPackage, Unpinned } from "./provider/lock/types";
