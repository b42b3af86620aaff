import { ReproducibleImage, validatedRevision } from "pulumi-verified-images";

/** The quickstart's service: a git work tree of its own, made by the set-up. */
const worktree = "../../../.state/quickstart/service";
const store = "../../../.state/two-stacks/store";

export = async () => {
  const image = new ReproducibleImage("shop", {
    context: worktree,
    root: store,
    revision: await validatedRevision(worktree),
  });

  // Hashes and IDs, never paths: they mean the same wherever the other stack runs.
  return {
    imageId: image.imageId,
    revision: image.revision,
    verified: image.verified,
    reason: image.reason,
    drift: image.drift,
    lockHash: image.lockHash,
    recipeHash: image.recipeHash,
    contextHash: image.contextHash,
  };
};
