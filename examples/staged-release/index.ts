import * as docker from "@pulumi/docker";
import { StagedRelease } from "pulumi-verified-images";

/** The quickstart's service: a git work tree of its own, made by the set-up. */
const worktree = "../../.state/quickstart/service";
const store = "../../.state/staged-release/store";

export = () => {
  const release = new StagedRelease("shop", {
    repository: "example/shop",
    worktree,
    image: { context: worktree, root: store },
    staging: { name: "shop-staging", port: 8501, containerPort: 8000, healthPath: "/health" },
    check: { command: "node check.mjs" },
    production: { targets: ["shop:production"], name: "shop-production", port: 8500 },
  });

  // Production runs the promoted image. A red release promotes nothing, so it never gets here.
  const production = new docker.Container(
    "production",
    {
      name: "shop-production",
      image: release.production.imageId,
      ports: [{ internal: 8000, external: 8500 }],
    },
    { deleteBeforeReplace: true },
  );

  return {
    revision: release.revision,
    verified: release.image.verified,
    staging: release.stagingUrl,
    production: production.name.apply(() => "http://127.0.0.1:8500"),
    promoted: release.production.targets,
    verdict: release.production.verdict,
    previous: release.production.previous,
  };
};
