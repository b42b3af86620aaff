import { dirname } from "node:path";
import type { Server, ServerCredentials, ServiceDefinition } from "@grpc/grpc-js";

/** One message as the engine gets it. */
export interface Heard {
  severity: number;
  message: string;
  urn: string;
  ephemeral: boolean;
}

/** The engine's own log service, as the SDK defines it, on loopback. */
export interface EngineServer {
  readonly address: string;
  readonly heard: Heard[];
  /** Refuses what comes from now on. */
  refuse(): void;
  close(): void;
}

interface Call {
  request: {
    getSeverity(): number;
    getMessage(): string;
    getUrn(): string;
    getEphemeral(): boolean;
  };
}

/** gRPC status code. */
const INTERNAL = 13;

/** Starts one; `close` it in the end. */
export async function startEngineServer(): Promise<EngineServer> {
  /* eslint-disable @typescript-eslint/no-require-imports */
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = require(require.resolve("@grpc/grpc-js", { paths: [sdk] })) as {
    Server: new () => Server;
    ServerCredentials: { createInsecure(): ServerCredentials };
  };
  const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb") as {
    EngineService: ServiceDefinition;
  };
  const { Empty } = require(
    require.resolve("google-protobuf/google/protobuf/empty_pb.js", { paths: [sdk] }),
  ) as {
    Empty: new () => unknown;
  };
  /* eslint-enable */
  const heard: Heard[] = [];
  let refusing = false;
  const server = new grpc.Server();
  server.addService(EngineService, {
    log({ request }: Call, callback: (error: { code: number } | null, answer?: unknown) => void) {
      if (refusing) return callback({ code: INTERNAL });
      heard.push({
        severity: request.getSeverity(),
        message: request.getMessage(),
        urn: request.getUrn(),
        ephemeral: request.getEphemeral(),
      });
      callback(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    heard,
    refuse: () => (refusing = true),
    close: () => server.forceShutdown(),
  };
}
