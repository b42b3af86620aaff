import { EngineClient, grpc, LogRequest, LogSeverity } from "./protocol";

/** The engine's log, as people see it at `pulumi up`. */
export interface EngineLog {
  /** Stays on the screen after the run. */
  info(message: string): void;
  /** Is on the resource's row for the time being. */
  progress(urn: string, message: string): void;
}

/** Speaks to the engine at `host:port`. A message that can't be delivered is dropped. */
export function engineLog(address: string): EngineLog {
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  const send = (message: string, urn: string, ephemeral: boolean): void => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    client.log(request, () => undefined);
  };
  return {
    info: (message) => send(message, "", false),
    progress: (urn, message) => send(message, urn, true),
  };
}
