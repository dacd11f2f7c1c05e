import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hookerSchedule, structuredSchedule, tfmotSchedule } from '#compression/schedule.ts';
import type { StageSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import type { ModelSpec, OptimizerSpec, Plan, ScheduleSpec } from '#engine/model/plan.ts';
import { parsePlan, planJson } from '#engine/model/plan-file.ts';
import { presetPlan } from '#engine/model/presets.ts';
import { planProblems } from '#engine/model/validate-plan.ts';
import { FACES_FACTS } from '#testing/plan-facts.ts';

const plan = presetPlan('one-minute', FACES_FACTS);

const counts = (most: number, maxLength: number) => fc.array(fc.integer({ min: 1, max: most }), { maxLength });
const share = fc.double({ min: 0, max: 0.999, noNaN: true });
const decay = fc.option(fc.record({ weightDecay: fc.double({ min: 0, max: 1, noNaN: true }) }), { nil: {} });
const anySchedule: fc.Arbitrary<ScheduleSpec> = fc.oneof(
  fc.constant({ kind: 'constant' } as const),
  fc.record({ kind: fc.constant('cosine' as const), warmup: fc.nat(299) }),
  fc.record({
    kind: fc.constant('step' as const),
    at: fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1 }).map((at) => at.sort((a, b) => a - b)),
    factor: fc.double({ min: 0.001, max: 1, noNaN: true }),
  }),
);
const anyModel: fc.Arbitrary<ModelSpec> = fc.oneof(
  fc.record({ kind: fc.constant('cnn-small' as const), filters: counts(32, 5), dense: counts(64, 3) }),
  fc.record({ kind: fc.constant('mlp' as const), hidden: counts(64, 8) }),
  fc.record({
    kind: fc.constant('resnet-8' as const),
    filters: fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 1, maxLength: 4 }),
    blocks: fc.integer({ min: 1, max: 4 }),
  }),
);
const anyOptimizer: fc.Arbitrary<OptimizerSpec> = fc
  .tuple(
    fc.oneof(
      fc.record({ kind: fc.constant('sgd' as const), momentum: share }),
      fc.record({ kind: fc.constant('adam' as const), beta1: share, beta2: share, epsilon: fc.constant(1e-7) }),
    ),
    decay,
  )
  .map(([optimizer, own]) => ({ ...optimizer, ...own }));
const bits = { bits: fc.constantFrom(8 as const, 4 as const, 2 as const) };
const draw = fc.record({ kind: fc.constantFrom('random' as const, 'balanced' as const), seed: fc.maxSafeNat() });
const calibration = fc.integer({ min: 1, max: 400 });
const anyTrained: fc.Arbitrary<StageSpec> = fc.oneof(
  fc
    .tuple(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.boolean(),
      fc.record({ scope: fc.constantFrom('layer' as const, 'global' as const) }, { requiredKeys: [] }),
    )
    .map(([sparsity, hooker, scope]) => ({ ...(hooker ? hookerSchedule : tfmotSchedule)(sparsity, 300), ...scope })),
  fc
    .tuple(fc.double({ min: 0.2, max: 0.9, noNaN: true }), fc.constantFrom('l1' as const, 'l2' as const))
    .map(([sparsity, norm]) => structuredSchedule(sparsity, 300, norm)),
  fc.record({
    kind: fc.constant('distilled' as const),
    student: fc.oneof(anyModel, fc.constant({ kind: 'cnn-small' as const, filters: [1, 1, 1], dense: [] })),
    temperature: fc.double({ min: 0.1, max: 20, noNaN: true }),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);
const anyQuantized: fc.Arbitrary<StageSpec> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('hybrid-int8' as const),
      tensors: fc.constantFrom('tflite-faithful' as const, 'all' as const),
      ...bits,
    },
    { requiredKeys: ['kind', 'tensors'] },
  ),
  fc.record(
    { kind: fc.constant('fixed-int8' as const), calibration, draw, ...bits },
    { requiredKeys: ['kind', 'calibration'] },
  ),
);
const anyLevel: fc.Arbitrary<Plan['levels'][number]> = fc.oneof(
  anyTrained,
  anyQuantized,
  fc.record(
    { kind: fc.constant('qat-int8' as const), begin: fc.nat(299), calibration, draw },
    { requiredKeys: ['kind', 'begin', 'calibration'] },
  ),
  fc.tuple(anyTrained, anyQuantized).map((stages) => ({ kind: 'pipeline' as const, stages })),
);
/** Plans that can run on the FACES_FACTS, with each optional field there or absent; levels that the model does not allow are left out. */
const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    model: anyModel,
    optimizer: anyOptimizer,
    seed: fc.maxSafeNat(),
    levels: fc.uniqueArray(anyLevel, { selector: levelName, minLength: 1, maxLength: 6 }),
    optional: fc.record(
      {
        loss: fc.constantFrom('softmax' as const, 'logistic' as const),
        schedule: anySchedule,
        augmentation: fc.record({ flip: fc.boolean(), shift: fc.nat(15) }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ optional, levels, ...rest }) => {
    const own = { ...plan, ...rest, ...optional };
    const fits = (level: Plan['levels'][number]): boolean =>
      planProblems({ ...own, levels: [level] }, FACES_FACTS).length === 0;
    return structuredClone({ ...own, levels: [hookerSchedule(0.999, 300), ...levels.filter(fits)] });
  });

/** The same value with the fields of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  );
}

/** The message of the refusal, or "accepted". */
function refusal(json: string): string {
  const result = parsePlan(JSON.parse(json));
  return result.ok ? 'accepted' : result.problem.message;
}
const changed = (from: string, to: string): string => {
  const json = planJson(plan);
  expect(json).toContain(from);
  return json.replace(from, to);
};

describe('a plan file', () => {
  it('comes back as it went, and what is absent stays absent', () => {
    fc.assert(
      fc.property(anyPlan, (written) => {
        expect(planProblems(written, FACES_FACTS)).toEqual([]);
        const read = parsePlan(JSON.parse(planJson(written)));
        expect(read).toStrictEqual({ ok: true, value: written });
      }),
    );
  });

  it('is the same text for equal plans, whatever the order of their fields at any depth', () => {
    fc.assert(
      fc.property(anyPlan, (written) => {
        expect(planJson(reversed(written) as Plan)).toBe(planJson(written));
      }),
    );
  });

  it('names the fields in one order', () => {
    const whole: Plan = {
      ...plan,
      loss: 'softmax',
      schedule: { kind: 'constant' },
      augmentation: { flip: true, shift: 1 },
    };
    expect([...planJson(whole).matchAll(/^ {2}"(\w+)"/gmu)].map(([, field]) => field)).toEqual(
      'schemaVersion dataset question model loss members steps batchSize learningRate schedule augmentation optimizer seed levels'.split(
        ' ',
      ),
    );
  });

  it('of a newer schema has a sentence of its own', () => {
    expect(refusal(changed('"schemaVersion": 1', '"schemaVersion": 2'))).toMatch(/newer Longtail.*reads version 1/);
    expect(parsePlan({ schemaVersion: 7 })).toMatchObject({ ok: false, problem: { code: 'plan-newer' } });
  });

  it('with __proto__ anywhere is refused', () => {
    expect(refusal(changed('"members"', '"__proto__": {"steps": 1}, "members"'))).toMatch(/__proto__ in the plan/);
    expect(refusal(changed('"hash"', '"__proto__": 1, "hash"'))).toMatch(/__proto__ in dataset/);
    expect(({} as { steps?: number }).steps).toBeUndefined();
  });

  it('with an unknown, missing or wrong field is refused by its name', () => {
    expect(refusal(changed('"members": 10', '"members": "10"'))).toMatch(/"members" is "10" where number was expected/);
    expect(refusal(changed('"members": 10,', ''))).toMatch(/"members" is undefined/);
    expect(refusal(changed('"seed"', '"bits": 1, "seed"'))).toMatch(/"bits" is "bits" where no such field/);
    expect(refusal(changed('"sparsity": 0.9,', '"sparsity": 1e999,'))).toMatch(/"levels.1.sparsity" is Infinity/);
    expect(refusal(changed('"kind": "hybrid-int8"', '"kind": "one-bit"'))).toMatch(/"levels.3.kind" is "one-bit"/);
  });

  it('that is no plan at all is refused', () => {
    for (const json of ['null', '[]', '3', '"plan"']) expect(refusal(json)).toMatch(/not a plan/);
    expect(refusal('{}')).toMatch(/"schemaVersion"/);
    expect(refusal(`${'['.repeat(5000)}${']'.repeat(5000)}`)).toMatch(/nested deeper/);
  });
});
