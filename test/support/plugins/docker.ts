import { dockerContainer } from "./docker-container";
import type { PluginStandIn } from "./stand-in";

export const docker: PluginStandIn = {
  name: "docker",
  sdk: "@pulumi/docker",
  resources: { "docker:index/container:Container": dockerContainer },
  config: ["host", "context"],
};
