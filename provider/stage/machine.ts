import { CommandError, commandFailureMessage } from "../base/process/command-error";
import { messageOf } from "../base/errors/message";
import { asSentence, warningText } from "../base/words/warning";
import type { Judgement } from "../promote/gate/clause";
import { readCheck } from "./check-run";
import { makeByCompose } from "./compose-release";
import { StagingRedError, type RedStep } from "./errors";
import { waitUntilHealthy } from "./health";
import { NAME_LABEL, newRelease, RELEASE_LABEL, type SetAside } from "./release";
import { clearStaging, discard, restore, setAside, sweepUnnamed, undoElsewhere } from "./set-aside";
import type { Planned, StagingEffects, StagingMachine } from "./steps";
import { lastCharacters } from "./tail";

/** What failed, and the end of its output. */
function failureOf(error: unknown): { detail: string; output: string } {
  if (!(error instanceof CommandError)) return { detail: messageOf(error), output: "" };
  const { failure } = error;
  return {
    detail: commandFailureMessage({ ...failure, stderr: "" }),
    output: lastCharacters(failure.stderr),
  };
}

/** The steps of a staged release. Every way of trying a release uses these. */
export function stagingMachine({ containers, compose, probe, warn }: StagingEffects): StagingMachine {
  /** Puts back what ran before, and makes the error that says so. */
  async function red(
    step: RedStep,
    { name, before, containerId }: Planned & { containerId: string | null },
    { detail, output }: { detail: string; output: string },
    cause: unknown,
  ): Promise<StagingRedError> {
    const aftermath = await restore(containers, { name, containerId }, before);
    return new StagingRedError(step, detail, aftermath, output, { cause });
  }

  async function making<T>(planned: Planned, make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (error) {
      const left = await containers.neverStarted(RELEASE_LABEL, planned.release).catch(() => []);
      for (const { id } of left) await containers.remove(id).catch(() => undefined);
      throw await red("create", { ...planned, containerId: null }, failureOf(error), error);
    }
  }

  const labelsOf = ({ name, release }: Planned) => ({ [RELEASE_LABEL]: release, [NAME_LABEL]: name });

  return {
    async plan(name, { known = [], formerly = name, stoppedStays = false } = {}) {
      const names = [...new Set([name, formerly])];
      for (const one of names) await sweepUnnamed(containers, one);
      await undoElsewhere(containers, name, known);
      const before: SetAside[] = [];
      for (const one of names) before.push(...(await setAside(containers, one, known, stoppedStays)));
      return { name, release: newRelease(), before };
    },
    async rehearse(planned, order) {
      await making(planned, async () => {
        const name = `${planned.name}-${planned.release}`;
        await containers.remove(await containers.create({ ...order, name, labels: labelsOf(planned) }));
      });
    },
    async make(planned, order, signal) {
      const { name } = planned;
      const { imageId, env, port, containerPort, production, compose: settings } = order;
      const labels = { ...labelsOf(planned), ...order.labels };
      const containerId = await making(planned, async () => {
        signal?.throwIfAborted();
        if (settings) {
          const wish = { name, port, containerPort, production };
          return await makeByCompose(containers, compose, { settings, wish, imageId, env, labels });
        }
        const ports = [{ external: port, internal: containerPort ?? port }];
        return await containers.create({ name, imageId, env, labels, ports });
      });
      return { ...planned, containerId, imageId };
    },
    async takeOver(made, { url, deadlineSeconds }, signal) {
      const { containerId, imageId, before } = made;
      let step: RedStep = "start";
      try {
        const fresh = await containers.find(containerId);
        if (fresh === null) throw new Error("the fresh container is gone");
        if (fresh.imageId !== imageId) {
          throw new Error(`the fresh container runs ${fresh.imageId}, not ${imageId}`);
        }
        for (const { id } of before) {
          if ((await containers.find(id)) !== null) await containers.stop(id);
        }
        signal?.throwIfAborted();
        await containers.start(containerId);
        step = "health";
        const health = await waitUntilHealthy(probe(containerId), url, deadlineSeconds, signal);
        if (health.ok) return health.seconds;
        throw new Error(health.reason);
      } catch (error) {
        const output = lastCharacters(await containers.logs(containerId).catch(() => ""));
        throw await red(step, made, { detail: messageOf(error), output }, error);
      }
    },
    async conclude(checked, gate, keep) {
      const { name, containerId, imageId, before } = checked;
      const check = readCheck(checked.checkOutput, checked.release);
      let step: RedStep = "check";
      let judgement: Judgement;
      try {
        if (!check.ok) throw new Error(check.words);
        const current = await containers.find(name);
        if (current?.id !== containerId || current.imageId !== imageId || !current.running) {
          throw new Error(`${name} is no longer the container that was checked`);
        }
        step = "gate";
        judgement = await gate();
        if (!judgement.ok) {
          const said = judgement.clauses.filter(({ ok }) => !ok).map(({ message }) => message);
          throw new Error(said.join("; "));
        }
        step = "tag";
        await keep?.();
      } catch (error) {
        const output = step === "check" ? lastCharacters(check.output) : "";
        throw await red(step, checked, { detail: messageOf(error), output }, error);
      }
      await discard(containers, before).catch((error: unknown) =>
        warn(
          warningText({
            what: `not removed: what ran before ${name}`,
            why: asSentence(messageOf(error)),
            todo: `Run \`docker rm --force ${before.map((one) => one.id.slice(0, 12)).join(" ")}\`.`,
          }),
        ),
      );
      return judgement;
    },
    clear: ({ name, release, before }) => clearStaging(containers, name, release, before),
  };
}
