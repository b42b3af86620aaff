import { PromotedImage, ReproducibleImage, validatedRevision } from "pulumi-verified-images";

/** The service's own git work tree, made by the set-up from `service/` in this folder. */
const worktree = "../../.state/quickstart/service";
const store = "../../.state/quickstart/store";

export = async () => {
  const revision = await validatedRevision(worktree);

  const service = new ReproducibleImage("quickstart", {
    context: worktree,
    root: store,
    revision,
  });

  const production = new PromotedImage("production", {
    source: service.imageId,
    targets: ["quickstart:production"],
    expectedRevision: revision,
  });

  return {
    imageId: service.imageId,
    revision: production.revision,
    lockHash: service.lockHash,
    verified: service.verified,
    drift: service.drift,
    promoted: production.targets.apply(([tag]) => tag),
    packages: service.packages,
    store,
  };
};
