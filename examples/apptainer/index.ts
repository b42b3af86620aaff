import { PromotedImage, ReproducibleImage, validatedRevision } from "pulumi-verified-images";

/** A folder of the git work tree that the image is built from. */
const context = "tool";
const store = "../../.state/apptainer/store";

export = async () => {
  const revision = await validatedRevision(context);

  const tool = new ReproducibleImage("tool", {
    recipe: "tool/tool.def",
    context,
    root: store,
    revision,
  });

  // The store finds the image by its hash, and has to know it as verified.
  const live = new PromotedImage("live", {
    source: tool.imageId,
    targets: ["tool.sif"],
    expectedRevision: revision,
    root: store,
  });

  return {
    sif: tool.reference,
    imageId: tool.imageId,
    packages: tool.packages,
    unpinned: tool.unpinned,
    verified: tool.verified,
    drift: tool.drift,
    verdict: live.verdict,
    live: live.targets.apply(([path]) => path),
  };
};
