import * as pulumi from "@pulumi/pulumi";
import { PromotedImage, validatedRevision } from "pulumi-verified-images";

const worktree = "../../../.state/quickstart/service";
const store = "../../../.state/two-stacks/store";

/** The build stack of the same name; on a local backend the organisation is the word `organization`. */
const buildStack = `${pulumi.getOrganization()}/verified-images-build/${pulumi.getStack()}`;

export = async () => {
  const build = new pulumi.StackReference("build", { name: buildStack });
  const built: { value?: unknown } = await build.getOutputDetails("imageId");
  const imageId = built.value;
  if (typeof imageId !== "string") {
    throw new pulumi.RunError(`${buildStack} has no image yet: run \`pulumi up\` in the build stack first`);
  }

  // The anchor is this stack's own: what was validated, never what the build stack says of its image.
  const revision = process.env.VALIDATED_REVISION ?? (await validatedRevision(worktree));

  const production = new PromotedImage("production", {
    source: imageId,
    targets: ["shop:production"],
    expectedRevision: revision,
    root: store, // the store of both stacks: what it has not as verified is not promoted
    requireVerified: true,
  });

  return {
    imageId: production.imageId,
    revision: production.revision,
    verified: production.verified,
    targets: production.targets,
    previous: production.previous,
    verdict: production.verdict,
  };
};
