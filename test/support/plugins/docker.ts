import { dockerContainer } from "./docker-container";
import { serve } from "./serve";

void serve({
  name: "docker",
  sdk: "@pulumi/docker",
  resources: { "docker:index/container:Container": dockerContainer },
  config: ["host", "context"],
});
