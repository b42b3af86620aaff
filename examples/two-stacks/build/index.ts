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

  // Hashes and IDs mean the same wherever the other stack runs. Paths would not.
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
