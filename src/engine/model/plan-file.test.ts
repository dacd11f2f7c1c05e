import { describe, expect, it } from 'vitest';
import { parsePlan, planJson } from '#engine/model/plan-file.ts';
import { presetPlan } from '#engine/model/presets.ts';

const plan = presetPlan('one-minute', {
  dataset: { name: 'Drawn faces', hash: 'abc' },
  question: { target: 'Blond', positive: '1', attributes: ['Male', 'Young'], minCount: 20 },
  kind: 'images',
  trainExamples: 400,
});

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
  it('comes back as it went', () => {
    for (const optimizer of [plan.optimizer, { kind: 'sgd', momentum: 0.9 } as const]) {
      const written = { ...plan, optimizer };
      expect(parsePlan(JSON.parse(planJson(written)))).toEqual({ ok: true, value: written });
    }
  });

  it('is the same text for equal plans, whatever the order of their fields', () => {
    const reversed = Object.fromEntries(Object.entries(plan).reverse()) as unknown as typeof plan;
    expect(planJson(reversed)).toBe(planJson(plan));
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
