import { describe, expect, it, vi } from 'vitest';
import type { Chunk, Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import type { ModelSpec } from '#engine/model/plan.ts';
import { admissionProblems } from '#engine/worker/admission-problem.ts';
import type { NeededPlan } from '#engine/worker/admission-problem.ts';
import { admit } from '#engine/worker/admission.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import { observed } from '#testing/observed-executor.ts';
import { tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // the reference is slow where the machine is busy

/** A reference executor with one fault. */
function faulty(
  fault: (chunk: Chunk, spec: Parameters<Executor['createChunk']>[0]) => Partial<Chunk>,
  more: Partial<Executor> = {},
): Executor {
  const executor = createReferenceExecutor();
  return {
    ...executor,
    createChunk: (spec) => {
      const chunk = executor.createChunk(spec);
      return { ...chunk, ...fault(chunk, spec) };
    },
    ...more,
  };
}
const refusal = async (executor: Executor, plan?: NeededPlan): Promise<string | null> => {
  const outcome = await admit(executor, createReferenceExecutor(), plan);
  return outcome.ok ? null : outcome.problem.message;
};

const RESIDUAL: ModelSpec = { kind: 'resnet-8', filters: [4, 8], blocks: 1 };
/** Needs everything. */
const plan = tinyPlan({
  model: RESIDUAL,
  loss: 'logistic',
  levels: [{ kind: 'qat-int8', begin: 2, calibration: 5 }],
});

describe('the admission test', () => {
  it('admits an executor that computes rightly', async () => {
    expect(await refusal(createReferenceExecutor())).toBeNull();
  });

  it.each([
    ['conv1/kernel', 3],
    ['conv2/bias', -1],
    ['dense1/kernel', 5],
    ['dense2/kernel', 0],
  ])('refuses a wrong gradient of %s', async (name, index) => {
    const executor = faulty((chunk, { program, members }) => ({
      step: (indices, rate) => {
        chunk.step(indices, rate);
        if (rate[0] !== 1) return;
        const tensor = program.tensors.find((candidate) => candidate.name === name)!;
        const at = (members - 1) * program.parameterCount + tensor.offset + (index < 0 ? tensor.size - 1 : index);
        const late = chunk.parameters().then((parameters) => {
          parameters[at]! += 0.01;
          chunk.setParameters(parameters);
        });
        void late;
      },
    }));
    expect(await refusal(executor)).toBe(`It failed the admission test: the gradient of ${name} is wrong.`);
  });

  it('tests batch norm, the logistic loss and fake quantization where the plan needs them', async () => {
    expect(await refusal(createReferenceExecutor(), plan)).toBeNull();
    const programs = new Set<string>();
    const watched = observed({ created: ({ program }) => programs.add(program.ops.map(({ kind }) => kind).join()) });
    await admit(watched, createReferenceExecutor(), tinyPlan());
    expect(programs.size).toBe(1);
    await admit(watched, createReferenceExecutor(), plan);
    expect([...programs].some((ops) => ops.includes('batchnorm') && ops.includes('add'))).toBe(true);
    expect(programs.size).toBe(3);
  });

  it('refuses an executor that leaves running statistics, or fake quantization, as they are', async () => {
    const still = faulty((chunk, { program }) => ({
      parameters: async () => {
        const all = await chunk.parameters();
        for (const { name, offset, size } of program.tensors)
          if (name.endsWith('/mean')) all.fill(0, offset, offset + size);
        return all;
      },
    }));
    expect(await refusal(still, plan)).toMatch(/the gradient of .+\/mean is wrong/);
    const exact = faulty(() => ({ setFakeQuantization: () => undefined }));
    expect(await refusal(exact, plan)).toContain('its ranges of fake quantization are wrong');
    const hasty = faulty((chunk) => {
      let rounds = false;
      return {
        setFakeQuantization: (quantization) => {
          rounds = true;
          chunk.setFakeQuantization(quantization);
        },
        step: (indices, rate) => {
          chunk.step(indices, rounds ? rate.map((value) => value * 1.001) : rate);
        },
      };
    });
    expect(await refusal(hasty, plan)).toMatch(/the gradient of .+ under fake quantization is wrong/);
  });

  it.each([RESIDUAL, tinyPlan().model])(
    'rounds nothing that another device might round otherwise: $kind',
    async (model) => {
      const { fake, data, batches } = admissionProblems({ ...plan, model })[1]!;
      const random = stream(1, 'rounding');
      const ask = async (noise: number): Promise<Float32Array[]> => {
        const reference = createReferenceExecutor();
        reference.load(data);
        const near = (values: Float32Array) => values.map((value) => value * (1 + noise * random.normal()));
        const parameters = near(fake!.chunk.parameters);
        const chunk = reference.createChunk({ ...fake!.chunk, parameters });
        chunk.setFakeQuantization({ ...fake!.quantization, ranges: near(fake!.quantization.ranges) });
        chunk.step(batches[0]!, Float32Array.of(1, 1));
        const after = await chunk.parameters();
        return [await chunk.loss(), after.map((value, i) => parameters[i]! - value)];
      };
      const expected = await ask(0);
      for (let time = 0; time < 10; time++) {
        const got = await ask(1e-6);
        got.forEach((values, part) => {
          expectClose(values, expected[part]!, 1e-4);
        });
      }
    },
  );

  it('refuses an executor that does not listen to the teachers of a plan', async () => {
    const taught = tinyPlan({
      levels: [{ kind: 'distilled', student: { kind: 'mlp', hidden: [] }, temperature: 4, weight: 0.5 }],
    });
    expect(await refusal(createReferenceExecutor(), taught)).toBeNull();
    const reference = createReferenceExecutor();
    const deaf: Executor = { ...reference, createChunk: ({ distillation: _, ...spec }) => reference.createChunk(spec) };
    expect(await refusal(deaf)).toBeNull();
    expect(await refusal(deaf, taught)).toContain('its cross-entropy is wrong');
  });

  it('refuses wrong predictions and a wrong loss', async () => {
    const scaled = (values: Float32Array): Float32Array => values.map((value) => value * 1.001);
    expect(
      await refusal(faulty((chunk) => ({ logits: async (...given) => scaled(await chunk.logits(...given)) }))),
    ).toContain('its predictions are wrong');
    expect(await refusal(faulty((chunk) => ({ loss: async () => scaled(await chunk.loss()) })))).toContain(
      'its cross-entropy is wrong',
    );
    expect(await refusal(faulty((chunk) => ({ loss: async () => (await chunk.loss()).fill(NaN) })))).toContain(
      'its cross-entropy is wrong',
    );
  });

  it('refuses a wrong optimizer', async () => {
    const executor = faulty((chunk, { optimizer }) => ({
      step: (indices, rate) => {
        chunk.step(indices, optimizer.kind === 'adam' ? rate.map((value) => value * 1.1) : rate);
      },
    }));
    expect(await refusal(executor)).toContain('its adam optimizer is wrong');
  });

  it('refuses what differs from one time to the next', async () => {
    let drift = 0;
    const executor = faulty((chunk) => ({
      logits: async (...given) => (await chunk.logits(...given)).map((value) => value + (drift += 1e-9)),
    }));
    expect(await refusal(executor)).toContain('different weights the second time');
  });

  it('refuses memory that grows with the steps or is not given back', async () => {
    let steps = 0;
    let chunks = 0;
    const perStep = faulty((chunk) => ({ step: (...given) => (steps++, chunk.step(...given)) }), {
      allocated: () => steps,
    });
    expect(await refusal(perStep)).toContain('the memory in use grows from step to step');
    const perChunk = faulty((chunk) => ({ dispose: () => (chunks++, chunk.dispose()) }), { allocated: () => chunks });
    expect(await refusal(perChunk)).toContain('does not give back the memory');
  });

  it('refuses with the reason what throws, and what never answers', async () => {
    const message = 'CONTEXT_LOST_WEBGL.';
    expect(await refusal(faulty(() => ({ loss: () => Promise.reject(new Error(message)) })))).toBe(
      'It failed the admission test: CONTEXT_LOST_WEBGL.',
    );
    vi.useFakeTimers();
    try {
      const answer = refusal(faulty(() => ({ loss: () => new Promise(() => undefined) }), { software: false }));
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await answer).toContain('it did not answer within 10 seconds');
    } finally {
      vi.useRealTimers();
    }
  });
});
