/**
 * Files of other parts that `npm test` leaves out. Each takes minutes, and shows in more settings what shorter files show. The
 * campaign `long` runs them, and so does whoever names one.
 */
export const LONG = {
  id: "long",
  files: [
    "engine/asks-for-more",
    "engine/by-hand",
    "engine/capture-links",
    "engine/credentials",
    "engine/deploy-hook-staging",
    "engine/each-run",
    "engine/lock-renewal",
    "engine/npm-pins",
    "engine/onbuild",
    "engine/optional-elsewhere",
    "engine/outside-known-folders",
    "engine/pip-configuration",
    "engine/republished",
    "engine/staging-image-fresh",
    "engine/transients",
    "pulumi/background",
    "pulumi/ignored-changes",
    "pulumi/promotion-words",
    "pulumi/same-engine-id",
    "pulumi/several-images",
    "pulumi/staged-release-compose",
    "pulumi/staged-release-compose-over-ssh",
    "pulumi/staged-release-over-ssh",
  ],
  /** Files of `npm test` that also have tests for this campaign (`describeInLongLanes`). */
  more: ["engine/committed-lock", "engine/failed-rebuild"],
};

/** The variable that is set where a file runs for this campaign. */
export const LONG_VARIABLE = "TESTS_LONG";

/** Whether `npm test` leaves a file out, by its name. @param {string} name */
export const isLong = (name) => LONG.files.includes(name);

/** Whether the campaign runs a file, by its name. @param {string} name */
export const hasLong = (name) => isLong(name) || LONG.more.includes(name);
