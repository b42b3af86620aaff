import { localCommand } from "./local-command";
import { remoteCommand } from "./remote-command";
import type { PluginStandIn } from "./stand-in";

export const command: PluginStandIn = {
  name: "command",
  sdk: "@pulumi/command",
  resources: { "command:local:Command": localCommand, "command:remote:Command": remoteCommand },
  config: [],
};
