import { onEngineGone } from "../../../provider/pulumi/host/engine-watch";
import { answering, checkAnswer, diffAnswer, fromStruct, marked, toStruct } from "./answers";
import type { Declarations } from "./declared-inputs";
import { engineLog } from "./engine-log";
import { judgeConfig, judgeInputs } from "./judge-inputs";
import { Empty, grpc, messages, PluginInfo, ResourceProviderService } from "./protocol";
import { sdkVersion } from "./sdk-version";
import {
  HalfMadeError,
  type Existing,
  type PluginStandIn,
  type ResourceStandIn,
  type World,
} from "./stand-in";
import { revealed, type Properties } from "./values";

const plain = (properties: Properties): Properties => revealed(properties) as Properties;
const lastPart = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/**
 * Serves Pulumi's provider protocol for a stand-in until the engine ends this process. `@pulumi/pulumi/provider`
 * would do most of it, but keeps the provider's own configuration to itself and knows no detailed diffs.
 *
 * @param declared what the SDK's types say of all that the stand-in takes
 */
export async function serve(plugin: PluginStandIn, declared: Declarations): Promise<void> {
  const address = process.argv.slice(2).findLast((argument) => /^[^\s/]+:\d+$/.test(argument)) ?? "";
  onEngineGone(address, () => process.exit(1));
  const log = engineLog(address);
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort(new Error("cancelled"));
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      cancel();
      process.exit(1);
    });
  let config: Properties = {};
  let said = false;

  const world = (urn: string): World => ({
    config,
    signal: cancelled.signal,
    say: (message) => log.progress(urn, message),
  });
  /** `urn:pulumi:<stack>::<project>::<parents>$<type>::<name>` */
  const typeOf = (urn: string): string => (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
  const demand = (urn: string): ResourceStandIn => {
    const resource = plugin.resources[typeOf(urn)];
    if (resource) return resource;
    throw new Error(`the stand-in does not do ${typeOf(urn)}`);
  };

  const server = new grpc.Server();
  server.addService(ResourceProviderService, {
    getPluginInfo: answering(() => new PluginInfo().setVersion(sdkVersion(plugin.sdk))),
    cancel: answering(() => {
      cancel();
      return new Empty();
    }),
    checkConfig: answering((request: InstanceType<typeof messages.CheckRequest>) => {
      const raw = fromStruct(request.getNews());
      return checkAnswer(raw, judgeConfig(plugin, declared.config, plain(raw)));
    }),
    configure: answering((request: InstanceType<typeof messages.ConfigureRequest>) => {
      config = plain(fromStruct(request.getArgs()));
      if (!said) log.info(`pulumi-resource-${plugin.name} is a stand-in for tests, not the real plugin`);
      said = true;
      return new messages.ConfigureResponse().setAcceptsecrets(true);
    }),
    check: answering((request: InstanceType<typeof messages.CheckRequest>) => {
      const raw = fromStruct(request.getNews());
      const type = typeOf(request.getUrn());
      const [resource, inputsOf] = [plugin.resources[type], declared.resources[type]];
      if (!resource || !inputsOf)
        return checkAnswer(raw, [{ property: "", reason: `the stand-in does not do ${type}` }]);
      const wrong = judgeInputs(plain(raw), inputsOf);
      if (wrong.length > 0) return checkAnswer(raw, wrong);
      const old = request.hasOlds() ? plain(fromStruct(request.getOlds())) : null;
      const { inputs, failures } = resource.check(plain(raw), old, lastPart(request.getUrn()));
      return checkAnswer(marked(inputs, raw), failures);
    }),
    diff: answering((request: InstanceType<typeof messages.DiffRequest>) =>
      diffAnswer(
        demand(request.getUrn()).changes(
          plain(fromStruct(request.getOlds())),
          plain(fromStruct(request.getNews())),
        ),
      ),
    ),
    create: answering(async (request: InstanceType<typeof messages.CreateRequest>) => {
      const resource = demand(request.getUrn());
      const raw = fromStruct(request.getProperties());
      const remark = ({ id, outputs }: Existing): Existing => ({
        id,
        outputs: marked(outputs, raw),
      });
      try {
        const created = await resource.create(
          plain(raw),
          lastPart(request.getUrn()),
          world(request.getUrn()),
        );
        const { id, outputs } = remark(created);
        return new messages.CreateResponse().setId(id).setProperties(toStruct(outputs));
      } catch (error) {
        throw error instanceof HalfMadeError
          ? new HalfMadeError(remark(error.existing), error.message)
          : error;
      }
    }),
    read: answering(async (request: InstanceType<typeof messages.ReadRequest>) => {
      const resource = demand(request.getUrn());
      const raw = fromStruct(request.getProperties());
      const existing = { id: request.getId(), outputs: plain(raw) };
      const outputs = resource.read
        ? await resource.read(existing, world(request.getUrn()))
        : existing.outputs;
      const answer = new messages.ReadResponse();
      if (outputs === null) return answer;
      answer.setId(existing.id).setProperties(toStruct(marked(outputs, raw)));
      return request.hasInputs() ? answer.setInputs(request.getInputs()) : answer;
    }),
    update: answering(async (request: InstanceType<typeof messages.UpdateRequest>) => {
      const resource = demand(request.getUrn());
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const existing = { id: request.getId(), outputs: plain(olds) };
      const outputs = await resource.update(existing, plain(news), world(request.getUrn()));
      return new messages.UpdateResponse().setProperties(toStruct(marked(outputs, news)));
    }),
    delete: answering(async (request: InstanceType<typeof messages.DeleteRequest>) => {
      const outputs = plain(fromStruct(request.getProperties()));
      await demand(request.getUrn()).delete({ id: request.getId(), outputs }, world(request.getUrn()));
      return new Empty();
    }),
  } as unknown as Parameters<typeof server.addService>[1]);

  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
}
