export { ReproducibleImage, type ReproducibleImageArgs } from "./provider/pulumi/image/reproducible-image";
export { PromotedImage, type PromotedImageArgs } from "./provider/pulumi/promotion/promoted-image";
export { StagedRelease } from "./components/staged-release";
export { releaseAnchor, type ReleaseAnchor, type ReleaseAnchorOptions } from "./components/release-anchor";
export type {
  CheckConnection,
  CheckHop,
  ProductionArgs,
  StagedReleaseArgs,
  StagingComposeArgs,
  StagingArgs,
  StagingCheckArgs,
} from "./components/staged-release-args";
export { provenanceVerdict, type Verdict } from "./provider/base/revision/verdict";
export type { PromotionInputs } from "./provider/promote/inputs/promotion-inputs.generated";
export type { CommitInput } from "./provider/promote/gate/commit-clauses";
export type { Override } from "./provider/promote/gate/clause";
export { imageFreshnessApplies, type Rollout } from "./provider/promote/gate/rollout";
export { validatedRevision } from "./provider/base/git/revision";
export type { Sighting } from "./provider/base/git/still";
export {
  buildReproducible,
  checkVerified,
  expectedRevision,
  imageRevision,
  verifyRoundTrip,
} from "./provider/build/functions/on-call";
export type { CheckVerifiedOptions } from "./provider/build/functions/check-verified";
export { checkStagingImageFresh } from "./provider/stage/on-call";
export type { StagingFreshness, StagingFreshOptions } from "./provider/stage/staging-freshness";
export { VerifiedImagesError, isVerifiedImagesError } from "./provider/base/errors/base";
export { StampInDoubtError } from "./provider/build/functions/stamp-error";
export { PushFailedError } from "./provider/build/functions/push-built";
export { VerifyError } from "./provider/base/errors/verify-error";
export { ArtifactInUseError, LeaseLostError } from "./provider/base/lease/errors";
export type { Lease } from "./provider/base/lease/lease-content";
export { InputError, type InputFailure } from "./provider/inputs/failure";
export type { ImageInputs } from "./provider/inputs/image-inputs.generated";
export type { SecretSource, Timeouts, VerifyMode } from "./provider/inputs/timeouts";
export type { ImageOutputs } from "./provider/build/roundtrip/image-outputs";
export type {
  Drift,
  Lock,
  LockedBase,
  LockedPackage,
  PackageSource,
  Unpinned,
} from "./provider/packages/lock/types";
export type { VerifiedState } from "./provider/store/verified-state";
