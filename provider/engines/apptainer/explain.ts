/** What the engine prints when something about the machine is to blame, and what to do about it. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /no space left on device/i,
    "a disk is full; make room where the store is, or where temporary files go (APPTAINER_TMPDIR)",
  ],
  [
    /no mapping entry found in \/etc\/sub[ug]id|user not mapped/i,
    "the user has no range of IDs for --fakeroot; add a line such as `name:200000:65536` to /etc/subuid and /etc/subgid",
  ],
  [
    /failed to create user namespace|unprivileged user namespaces|no user namespace|maximum number of user namespaces/i,
    "this machine allows no user namespaces; allow them (user.max_user_namespaces, kernel.unprivileged_userns_clone), or install Apptainer with its setuid part",
  ],
  [
    /newuidmap|newgidmap/i,
    "newuidmap and newgidmap are missing or have no privileges; install the package uidmap (shadow-utils)",
  ],
  [
    /ignoring user bind request|user bind control/i,
    "the administrator has switched off `user bind control` in apptainer.conf, without which pins don't reach the build",
  ],
];

/** Why a build failed, as far as its log shows that the machine is to blame; null: the recipe may be. */
export function machineReason(log: string): string | null {
  return REASONS.find(([pattern]) => pattern.test(log))?.[1] ?? null;
}
