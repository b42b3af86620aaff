import { localCommand } from "./local-command";
import { serve } from "./serve";

void serve({
  name: "command",
  sdk: "@pulumi/command",
  resources: { "command:local:Command": localCommand },
  config: [],
});
