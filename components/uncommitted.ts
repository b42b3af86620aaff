import * as pulumi from "@pulumi/pulumi";
import { commitClauses } from "../provider/promote/gate/commit-clauses";
import { visibleLines } from "../provider/base/words/visible";
import { commitFacts } from "../provider/base/git/commit";
import { GIT_SECONDS } from "../provider/base/git/git";

/** A work tree, and the revision that its image is stamped with. */
interface Stamped {
  worktree: string;
  /** undefined: the image is not stamped. */
  revision: string | undefined;
  /** Limit for each git command, in seconds. */
  seconds: number | undefined;
}

/**
 * Warns, on a resource, when a work tree has uncommitted changes: the image is stamped with the revision although it was
 * built with these. It also warns when that can't be found out.
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
    await pulumi.log.warn(visibleLines(words), resource);
  });
}
