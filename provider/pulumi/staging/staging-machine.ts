import { stagingMachine } from "../../stage/machine";
import type { StagingMachine } from "../../stage/steps";
import { httpProbe } from "../../stage/http-probe";
import { composeFor, containersFor, type Properties } from "../host/properties";
import type { RowLog } from "../host/row-log";

/** The staging machine on the engine that a step's inputs name. Warnings go to the step's row. */
export function machineFor(inputs: Properties, log: RowLog | null = null): StagingMachine {
  const containers = containersFor(inputs);
  return stagingMachine({
    containers,
    compose: composeFor(inputs),
    probe: (containerId) => httpProbe(containers, containerId),
    warn: (message) => log?.write("warning", message),
  });
}
