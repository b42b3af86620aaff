export { ReproducibleImage, type ReproducibleImageArgs } from "./provider/pulumi/reproducible-image";
export { PromotedImage, type PromotedImageArgs } from "./provider/pulumi/promoted-image";
export { StagedRelease } from "./components/staged-release";
export { releaseAnchor, type ReleaseAnchor, type ReleaseAnchorOptions } from "./components/release-anchor";
export type {
  ProductionArgs,
  StagedReleaseArgs,
  StagingComposeArgs,
  StagingArgs,
  StagingCheckArgs,
} from "./components/staged-release-args";
export { provenanceVerdict, type Verdict } from "./provider/gate/verdict";
export type { CommitInput } from "./provider/gate/commit-clauses";
export type { Override } from "./provider/gate/clause";
export { imageFreshnessApplies, type Rollout } from "./provider/gate/rollout";
export { validatedRevision } from "./provider/git/revision";
export {
  buildReproducible,
  checkStagingImageFresh,
  checkVerified,
  expectedRevision,
  imageRevision,
  verifyRoundTrip,
  type CheckVerifiedOptions,
} from "./provider/functions/on-call";
export type { StagingFreshness, StagingFreshOptions } from "./provider/functions/staging-freshness";
export { VerifiedImagesError, isVerifiedImagesError } from "./provider/errors/base";
export { PushFailedError } from "./provider/functions/push-built";
export { VerifyError } from "./provider/errors/verify-error";
export { HoldLostError, LayerHeldError } from "./provider/hold/errors";
export { InputError } from "./provider/inputs/failure";
export type { ImageInputs } from "./provider/inputs/image-inputs";
export type { ImageOutputs } from "./provider/roundtrip/outputs";
export type { Drift, Lock, LockedBase, LockedPackage, Unpinned } from "./provider/lock/types";
