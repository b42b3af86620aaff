import { CommandError } from "../base/process/command-error";
import type { Engine, EngineIdentity, ImageFacts } from "./engine";
import { EngineUnreachableError } from "./errors";
import { together } from "./together";

/** The questions to one engine that this process has under way, and how many callers wait for an answer. */
interface Questions extends Pick<Engine, "inspect" | "identity"> {
  callers: number;
}

/** By the endpoint. Only while somebody waits: the next one asks with a client of its own. */
const underWay = new Map<string, Questions>();

/** Nothing came within the limit. It would be the same for each question alone. */
const isSilent = (error: unknown): boolean =>
  error instanceof EngineUnreachableError &&
  error.cause instanceof CommandError &&
  error.cause.failure.timedOut;

function questionsTo(engine: Engine): Questions {
  const inspect = together<string, ImageFacts | null>((asked) => engine.inspect(asked), isSilent);
  const identity = together<"engine", EngineIdentity>(
    async () => new Map([["engine", await engine.identity()]]),
    () => true,
  );
  return {
    callers: 0,
    inspect: (references) => inspect(references),
    async identity() {
      return (await identity(["engine"])).get("engine") ?? engine.identity();
    },
  };
}

/**
 * Makes an engine share the questions about images and about itself with all that this process asks the same engine at the
 * same time, such as the resources of one stack. A question that waits is asked when the one before it has its answer.
 *
 * @param endpoint the same text only for the same engine, reached in the same way
 */
export function askTogether(endpoint: string, engine: Engine): Engine {
  async function shared<T>(ask: (questions: Questions) => Promise<T>): Promise<T> {
    const questions = underWay.get(endpoint) ?? questionsTo(engine);
    underWay.set(endpoint, questions);
    questions.callers++;
    try {
      return await ask(questions);
    } finally {
      if (--questions.callers === 0) underWay.delete(endpoint);
    }
  }
  const own: Pick<Engine, "inspect" | "identity"> = {
    inspect: (references) => shared((questions) => questions.inspect(references)),
    identity: () => shared((questions) => questions.identity()),
  };
  return { ...engine, ...own, during: (work) => engine.during((inner) => work({ ...inner, ...own })) };
}
