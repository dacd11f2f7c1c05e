import { describe, expect, it } from 'vitest';
import type { ActivationQuantization, Chunk } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import { embedAudit, predictAudit, type Predictions } from '#engine/worker/prediction.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import { prepareRun, type MemberStream, type RunContext } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { probabilityOfCode } from '#lib/log-odds.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

const EXACT: ActivationQuantization = { kind: 'none' };

async function ended<T>(stream: AsyncGenerator<unknown, T>): Promise<T> {
  let part = await stream.next();
  while (part.done !== true) part = await stream.next();
  return part.value;
}
async function membersOf(stream: MemberStream): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  for await (const event of stream) if (event.kind === 'member') results.push(event.result);
  return results;
}
const contextOf = (changes: Partial<Plan> = {}, classes: readonly string[] = ['below', 'above']): RunContext =>
  prepareRun(tinyPlan(changes), { ...tinyData(), classes }, createReferenceExecutor(), () => 0);

/** What a member is said to say whose logits are given, [example, output]. */
async function said(run: RunContext, logits: readonly number[]): Promise<Predictions> {
  const chunk = { members: 1, logits: () => Promise.resolve(Float32Array.from(logits)) } as unknown as Chunk;
  const auditIndices = Uint32Array.from({ length: logits.length / run.program.outputs }, (_, i) => i);
  const plan = { ...run.plan, batchSize: auditIndices.length };
  return ended(predictAudit({ ...run, plan, auditIndices }, chunk, EXACT));
}
const probabilities = ({ probabilities: [codes] }: Predictions): number[] => [...codes!].map(probabilityOfCode);

describe('the probability of the positive class', () => {
  it('is that of the softmax, of two classes and of three', async () => {
    const two = probabilities(await said(contextOf(), [0, 1, 3, -1]));
    expect(two[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 3);
    expect(two[1]).toBeCloseTo(1 / (1 + Math.exp(4)), 3);
    const [three] = probabilities(await said(contextOf({}, ['a', 'above', 'c']), [1, 2, 0.5]));
    expect(three).toBeCloseTo(Math.exp(2) / (Math.exp(1) + Math.exp(2) + Math.exp(0.5)), 3);
  });

  it('is that of the logistic loss, whichever class is positive', async () => {
    const logistic = { loss: 'logistic' } as const;
    expect(probabilities(await said(contextOf(logistic), [2]))[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 3);
    const question = { ...tinyPlan().question, positive: 'below' };
    const turned = await said(contextOf({ ...logistic, question }), [2]);
    expect(probabilities(turned)[0]).toBeCloseTo(1 / (1 + Math.exp(2)), 3);
  });

  it('lies on the side of the prediction, where it is a tie too', async () => {
    for (const positive of ['above', 'below']) {
      const question = { ...tinyPlan().question, positive };
      const { classes, probabilities: codes } = await said(contextOf({ question }), [0, 0, 1, 1 + 1e-7, 5, 5 - 1e-6]);
      const isPositive = [...classes[0]!].map((label) => ['below', 'above'][label] === positive);
      expect([...codes[0]!].map((code) => code >= 32_768)).toEqual(isPositive);
    }
  });

  it('is one half where a logit is no number', async () => {
    const { probabilities: codes, finite } = await said(contextOf(), [NaN, 0, Infinity, Infinity]);
    expect([...codes[0]!].every((code) => Math.abs(code - 32_767.5) < 1)).toBe(true);
    expect(finite).toEqual([false]);
  });

  it('comes with every member, trained or made from one, on the side of its predictions', async () => {
    const run = contextOf();
    const key = (level: string) => ({ level, index: 1 });
    const pruned = run.plan.levels[0] as Extract<TrainingTask['spec'], { kind: 'pruned' }>;
    const trained = await membersOf(
      trainMembers(run, [
        { kind: 'training', key: key('baseline'), spec: { kind: 'baseline' } },
        { kind: 'training', key: key('pruned-0.5'), spec: pruned },
      ]),
    );
    const shared = { kind: 'post-training', weights: trained[0]!.weights, diverged: false } as const;
    const made = await membersOf(
      quantizeMembers(run, [
        { ...shared, key: key('hybrid-int8'), spec: { kind: 'hybrid-int8', tensors: 'all' } },
        { ...shared, key: key('fixed-int8'), spec: { kind: 'fixed-int8', calibration: 10 } },
      ]),
    );
    for (const { predictions, probabilities: codes } of [...trained, ...made]) {
      expect(codes).toHaveLength(predictions.length);
      expect(Uint16Array.from(codes!, (code) => Number(code >= 32_768))).toEqual(predictions);
    }
  });
});

describe('the embeddings of the audit split', () => {
  const task = (level: string, index: number, spec: TrainingTask['spec']): TrainingTask => ({
    kind: 'training',
    key: { level, index },
    spec,
  });
  const BASELINE = { kind: 'baseline' } as const;

  it('are kept of the first baseline member alone, whoever shares its chunk', async () => {
    const run = contextOf();
    const pruned = run.plan.levels[0] as Extract<TrainingTask['spec'], { kind: 'pruned' }>;
    const tasks = [task('pruned-0.5', 0, pruned), task('baseline', 1, BASELINE), task('baseline', 0, BASELINE)];
    const together = await membersOf(trainMembers(run, tasks));
    const [alone] = await membersOf(trainMembers(contextOf(), [task('baseline', 0, BASELINE)]));
    expect(together.map(({ embeddings }) => embeddings === undefined)).toEqual([true, true, false]);
    expect(together[2]!.embeddings).toEqual(alone!.embeddings);
    expect(alone!.embeddings).toMatchObject({ width: 8, values: { length: 32 * 8 } });
  });

  it('give the logits of the member through its last layer', async () => {
    const run = contextOf();
    const [{ embeddings, predictions, weights }] = (await membersOf(
      trainMembers(run, [task('baseline', 0, BASELINE)]),
    )) as [MemberResult];
    const last = run.program.ops.at(-1)!;
    if (last.kind !== 'dense') throw new Error('the last layer is dense');
    const { width, values } = embeddings!;
    const [kernel, bias] = run.program.tensors.slice(-2);
    const logit = (x: number, label: number): number => {
      let sum = weights[bias!.offset + label]!;
      for (let i = 0; i < width; i++) sum += values[x * width + i]! * weights[kernel!.offset + i * 2 + label]!;
      return sum;
    };
    expect(Uint16Array.from(predictions, (_, x) => Number(logit(x, 1) > logit(x, 0)))).toEqual(predictions);
  });

  it('are none where a number is not finite', async () => {
    const run = contextOf();
    const chunk = {
      members: 1,
      embeddings: (indices: Int32Array) => Promise.resolve(new Float32Array(2 * indices.length).fill(NaN)),
    } as unknown as Chunk;
    expect(await ended(embedAudit(run, chunk, 0))).toBeNull();
  });
});
