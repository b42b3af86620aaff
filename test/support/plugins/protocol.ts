import type * as Grpc from "@grpc/grpc-js";
import type * as EngineServices from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as EngineMessages from "@pulumi/pulumi/proto/engine_pb";
import type * as PluginMessages from "@pulumi/pulumi/proto/plugin_pb";
import type * as ProviderServices from "@pulumi/pulumi/proto/provider_grpc_pb";
import type * as ProviderMessages from "@pulumi/pulumi/proto/provider_pb";
import type * as StatusMessages from "@pulumi/pulumi/proto/status_pb";
import type * as AnyMessages from "google-protobuf/google/protobuf/any_pb";
import type * as EmptyMessages from "google-protobuf/google/protobuf/empty_pb";
import type * as StructMessages from "google-protobuf/google/protobuf/struct_pb";
import { createRequire } from "node:module";

/** Pulumi's SDK brings these libraries along: they are looked up from its own folder. */
const ofSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc = ofSdk("@grpc/grpc-js") as typeof Grpc;
export const { Any } = ofSdk("google-protobuf/google/protobuf/any_pb") as typeof AnyMessages;
export const { Empty } = ofSdk("google-protobuf/google/protobuf/empty_pb") as typeof EmptyMessages;
export const { Struct } = ofSdk("google-protobuf/google/protobuf/struct_pb") as typeof StructMessages;
export const messages = ofSdk("@pulumi/pulumi/proto/provider_pb") as typeof ProviderMessages;
export const { ResourceProviderService } = ofSdk(
  "@pulumi/pulumi/proto/provider_grpc_pb",
) as typeof ProviderServices;
export const { PluginInfo } = ofSdk("@pulumi/pulumi/proto/plugin_pb") as typeof PluginMessages;
export const { Status } = ofSdk("@pulumi/pulumi/proto/status_pb") as typeof StatusMessages;
export const { LogRequest, LogSeverity } = ofSdk("@pulumi/pulumi/proto/engine_pb") as typeof EngineMessages;
export const { EngineClient } = ofSdk("@pulumi/pulumi/proto/engine_grpc_pb") as typeof EngineServices;
