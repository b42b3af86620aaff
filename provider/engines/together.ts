/** Asks several questions at once. An answer for each of them, or an error for all. */
type Ask<Q, A> = (questions: readonly Q[]) => Promise<Map<Q, A>>;

interface Waiting<Q, A> {
  questions: readonly Q[];
  resolve: (answers: Map<Q, A>) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets callers that ask at the same time share what they ask: while one question is under way all others wait, and go as
 * one. So an answer is never older than its question. Where the shared question fails, each is asked alone, so that one
 * caller's failure is no other's. Only a failure that all have in common is everybody's.
 *
 * @param isCommon whether a failure would be the same for all questions, such as an engine that does not answer
 */
export function together<Q, A>(ask: Ask<Q, A>, isCommon: (error: unknown) => boolean): Ask<Q, A> {
  let waiting: Waiting<Q, A>[] = [];
  let isAsking = false;

  const alone = async ({ questions, resolve, reject }: Waiting<Q, A>): Promise<void> => {
    try {
      resolve(await ask(questions));
    } catch (error) {
      reject(error);
    }
  };

  const shared = async (batch: readonly Waiting<Q, A>[]): Promise<void> => {
    try {
      const answers = await ask([...new Set(batch.flatMap(({ questions }) => questions))]);
      for (const { questions, resolve } of batch)
        resolve(new Map([...answers].filter(([question]) => questions.includes(question))));
    } catch (error) {
      if (isCommon(error)) for (const { reject } of batch) reject(error);
      else await Promise.all(batch.map(alone));
    }
  };

  const askAll = async (): Promise<void> => {
    isAsking = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await (batch.length === 1 && batch[0] !== undefined ? alone(batch[0]) : shared(batch));
    }
    isAsking = false;
  };

  return (questions) =>
    new Promise((resolve, reject) => {
      waiting.push({ questions, resolve, reject });
      if (!isAsking) void askAll();
    });
}
