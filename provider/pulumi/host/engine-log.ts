import { dirname } from "node:path";

/** Kind of a message. A `step` is shown until the next message and not kept; the others are kept. */
export type Severity = "info" | "warning" | "step";

/** The log of the engine that runs this provider process. */
export interface EngineLog {
  /** @throws {Error} when the engine did not accept the message */
  log(severity: Severity, message: string, urn: string): Promise<void>;
  /** Ends the connection; nothing can be logged after it. */
  close(): void;
}

interface LogRequest {
  setSeverity(value: number): void;
  setMessage(value: string): void;
  setUrn(value: string): void;
  setEphemeral(value: boolean): void;
}

interface EngineClient {
  log(request: LogRequest, options: { deadline: number }, callback: (error: unknown) => void): void;
  close(): void;
}

/** The parts of the SDK and of its gRPC library that are needed here. None of them is a public interface. */
export interface EngineModules {
  EngineClient: new (address: string, credentials: unknown) => EngineClient;
  LogRequest: new () => LogRequest;
  LogSeverity: Record<"INFO" | "WARNING", number>;
  insecure: () => unknown;
}

/** Milliseconds within which the engine has to accept a message. */
const TAKE_MS = 5_000;

/** Loads the modules from the SDK that is installed. Throws when another version of the SDK lacks them. */
export function sdkModules(): EngineModules {
  /* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment */
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  const services = require("@pulumi/pulumi/proto/engine_grpc_pb");
  const messages = require("@pulumi/pulumi/proto/engine_pb");
  const grpc = require(require.resolve("@grpc/grpc-js", { paths: [sdk] }));
  return {
    EngineClient: services.EngineClient,
    LogRequest: messages.LogRequest,
    LogSeverity: messages.LogSeverity,
    insecure: () => (grpc as { credentials: { createInsecure(): unknown } }).credentials.createInsecure(),
  };
  /* eslint-enable */
}

/**
 * The log of the engine at an address. Null when there is no address, or the SDK lacks the modules.
 *
 * @param address `host:port`, the first argument of a provider process
 */
export function engineLog(
  address: string | undefined,
  modules: () => EngineModules = sdkModules,
): EngineLog | null {
  if (!/^[^\s/]+:[0-9]+$/.test(address ?? "")) return null;
  try {
    const { EngineClient, LogRequest, LogSeverity, insecure } = modules();
    const client = new EngineClient(address as string, insecure());
    return {
      close: () => client.close(),
      log: (severity, message, urn) =>
        new Promise((resolve, reject) => {
          const request = new LogRequest();
          request.setSeverity(LogSeverity[severity === "warning" ? "WARNING" : "INFO"]);
          request.setMessage(message);
          request.setUrn(urn);
          request.setEphemeral(severity === "step");
          client.log(request, { deadline: Date.now() + TAKE_MS }, (error) => {
            if (error === null || error === undefined) resolve();
            else reject(error instanceof Error ? error : new Error("the engine did not take a message"));
          });
        }),
    };
  } catch {
    return null;
  }
}
