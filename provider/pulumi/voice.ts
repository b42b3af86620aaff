import { dirname } from "node:path";

/** How loud something is said. */
export type Severity = "info" | "warning";

/** Says something to the person at `pulumi up` or `pulumi preview`. */
export interface Voice {
  say(severity: Severity, message: string): void;
  /** Resolves once everything said has been heard, or could not be. */
  flush(): Promise<void>;
}

interface EngineClient {
  log(request: unknown, callback: (error: unknown) => void): void;
}

interface EngineModules {
  EngineClient: new (address: string, credentials: unknown) => EngineClient;
  LogRequest: new () => Record<"setSeverity" | "setMessage" | "setUrn", (value: unknown) => void>;
  LogSeverity: Record<"INFO" | "WARNING", number>;
  insecure: () => unknown;
}

/** The engine's own log service, as the SDK beside us speaks it; its modules are no public interface. */
function engineModules(): EngineModules {
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

interface Connection {
  client: EngineClient;
  modules: EngineModules;
}

let connection: Connection | null | undefined;

/** The engine that started this provider process (its address is the first argument), or null. */
function connect(): Connection | null {
  if (connection !== undefined) return connection;
  try {
    const address = process.argv[2] ?? "";
    if (!/^[^\s/]+:[0-9]+$/.test(address)) throw new Error("no engine address");
    const modules = engineModules();
    connection = { client: new modules.EngineClient(address, modules.insecure()), modules };
  } catch {
    connection = null;
  }
  return connection;
}

/**
 * A voice that speaks on one resource's own row. Where the engine can't be reached that way it speaks
 * through the console, which Pulumi shows on the stack's row.
 *
 * @param urn the resource's URN, if known
 */
export function voiceOf(urn: unknown): Voice {
  // One after the other: what is said first is heard first.
  let spoken: Promise<void> = Promise.resolve();
  return {
    say(severity, message) {
      const engine = typeof urn === "string" && urn.startsWith("urn:") ? connect() : null;
      if (engine === null) aloud(severity, message);
      else spoken = spoken.then(() => send(engine, severity, message, urn));
    },
    flush: () => spoken,
  };
}

function aloud(severity: Severity, message: string): void {
  if (severity === "warning") console.warn(`warning: ${message}`);
  else console.log(message);
}

function send(engine: Connection, severity: Severity, message: string, urn: unknown): Promise<void> {
  const { client, modules } = engine;
  const request = new modules.LogRequest();
  request.setSeverity(modules.LogSeverity[severity === "warning" ? "WARNING" : "INFO"]);
  request.setMessage(message);
  request.setUrn(urn);
  return new Promise((resolve) => {
    client.log(request, (error) => {
      if (error !== null && error !== undefined) aloud(severity, message);
      resolve();
    });
  });
}
