import * as pulumi from "@pulumi/pulumi";
import { commitClauses } from "../provider/promote/gate/commit-clauses";
import { commitFacts } from "../provider/base/git/commit";
import { GIT_SECONDS } from "../provider/base/git/git";

/** What a release is stamped with, and where it comes from. */
interface Stamped {
  worktree: string;
  /** undefined: nothing is stamped. */
  revision: string | undefined;
  /** Limit for each git command. */
  seconds: number | undefined;
}

/**
 * Warns, on a resource, where a work tree is not what the revision says: what is built is stamped with it all the same. What
 * can't be told is said as well.
 */
export function warnOfUncommitted(stamped: pulumi.Input<Stamped>, resource: pulumi.Resource): void {
  pulumi.output(stamped).apply(async ({ worktree, revision = "", seconds = GIT_SECONDS }) => {
    if (revision === "") return;
    const facts = await commitFacts(worktree, revision, { branch: null, seconds });
    const clause = commitClauses(revision, { worktree, dirty: "warn" }, facts).find(
      ({ property, ok, warning }) => property === "commit.dirty" && (!ok || warning),
    );
    if (clause === undefined) return;
    const words = `${clause.message}; what is built from it is stamped ${revision.slice(0, 12)} all the same`;
    await pulumi.log.warn(words, resource);
  });
}
