import * as pulumi from "@pulumi/pulumi";
import { PromotedImage, validatedRevision } from "pulumi-verified-images";

const worktree = "../../../.state/quickstart/service";
const store = "../../../.state/two-stacks/store";

/** The build stack with the same name as this one. With a local backend the organisation is the word `organization`. */
const buildStack = `${pulumi.getOrganization()}/verified-images-build/${pulumi.getStack()}`;

export = async () => {
  const build = new pulumi.StackReference("build", { name: buildStack });
  const built: { value?: unknown } = await build.getOutputDetails("imageId");
  const imageId = built.value;
  if (typeof imageId !== "string") {
    throw new pulumi.RunError(`${buildStack} has no image yet: run \`pulumi up\` in the build stack first`);
  }

  // The revision comes from this stack's side, because what the build stack says of its own image would always match.
  const revision = process.env.VALIDATED_REVISION ?? (await validatedRevision(worktree));

  const production = new PromotedImage("production", {
    source: imageId,
    targets: ["shop:production"],
    expectedRevision: revision,
    root: store, // the store of both stacks, in which the image has to be verified
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
