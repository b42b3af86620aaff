import { Any, grpc, messages, Status, Struct } from "./protocol";
import { HalfMadeError, type Changes, type Failure } from "./stand-in";
import { holdsSecret, secret, type Properties } from "./values";

type JsonStruct = ReturnType<typeof Struct.fromJavaScript>;

/** Properties of a message; secrets are still marked. */
export function fromStruct(struct: JsonStruct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Properties for a message; what is undefined is left out. */
export function toStruct(properties: Properties): JsonStruct {
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(properties)) as Parameters<typeof Struct.fromJavaScript>[0],
  );
}

/** Marks every property as secret that was one, or held one, under the same name. */
export function marked(properties: Properties, ...sources: readonly Properties[]): Properties {
  const wasSecret = (name: string): boolean => sources.some((source) => holdsSecret(source[name]));
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, wasSecret(name) ? secret(value) : value]),
  );
}

export function checkAnswer(
  inputs: Properties,
  failures: readonly Failure[],
): InstanceType<typeof messages.CheckResponse> {
  const answer = new messages.CheckResponse();
  answer.setInputs(toStruct(inputs));
  answer.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new messages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return answer;
}

export function diffAnswer({
  properties,
  deleteBeforeReplace = false,
}: Changes): InstanceType<typeof messages.DiffResponse> {
  const { Kind } = messages.PropertyDiff;
  const { DiffChanges } = messages.DiffResponse;
  const answer = new messages.DiffResponse();
  const changes = Object.entries(properties);
  const replaces = changes.filter(([, change]) => change === "replace").map(([name]) => name);
  answer.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  answer.setDiffsList(changes.map(([name]) => name));
  answer.setReplacesList(replaces);
  answer.setDeletebeforereplace(deleteBeforeReplace && replaces.length > 0);
  answer.setHasdetaileddiff(true);
  for (const [name, change] of changes) {
    const detail = new messages.PropertyDiff();
    detail.setKind(change === "replace" ? Kind.UPDATE_REPLACE : Kind.UPDATE);
    answer.getDetaileddiffMap().set(name, detail);
  }
  return answer;
}

/** What gRPC makes of an error; a half-made resource goes along, so that the engine puts it into the state. */
export function errorAnswer(error: unknown): object {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof HalfMadeError) {
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.existing.id);
    detail.setProperties(toStruct(error.existing.outputs));
    detail.setReasonsList([message]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(message);
    status.addDetails(any);
    // gRPC's own place for structured errors.
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, message, details: message, metadata };
}

type Handler = (call: { request: never }, callback: (error: object | null, answer?: object) => void) => void;

/** One method of the protocol: an error of the work becomes the error that the engine shows. */
export function answering<Request>(work: (request: Request) => object | Promise<object>): Handler {
  return ({ request }, callback) => {
    (async () => work(request as Request))().then(
      (answer) => callback(null, answer),
      (error: unknown) => callback(errorAnswer(error)),
    );
  };
}
