import * as v from 'valibot';
import type { Plan } from '#engine/model/plan.ts';
import type { Result } from '#lib/result.ts';
import { fail, ok } from '#lib/result.ts';

const SCHEMA_VERSION = 1;
/** A plan is eight levels deep; more is an attack or another file. */
const DEEPEST = 16;

const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.maxLength(10_000));
const counts = v.pipe(v.array(finite), v.maxLength(1000));

const MODEL = v.variant('kind', [
  v.strictObject({ kind: v.literal('cnn-small'), filters: counts, dense: counts }),
  v.strictObject({ kind: v.literal('mlp'), hidden: counts }),
  v.strictObject({ kind: v.literal('resnet-8'), filters: counts, blocks: finite }),
]);

const SCHEDULE = v.variant('kind', [
  v.strictObject({ kind: v.literal('constant') }),
  v.strictObject({ kind: v.literal('cosine'), warmup: finite }),
  v.strictObject({ kind: v.literal('step'), at: counts, factor: finite }),
]);

const AUGMENTATION = v.strictObject({ flip: v.boolean(), shift: finite });

const OPTIMIZER = v.variant('kind', [
  v.strictObject({ kind: v.literal('sgd'), momentum: finite, weightDecay: v.exactOptional(finite) }),
  v.strictObject({
    kind: v.literal('adam'),
    beta1: finite,
    beta2: finite,
    epsilon: finite,
    weightDecay: v.exactOptional(finite),
  }),
]);

const bits = v.exactOptional(v.picklist([8, 4, 2]));
const draw = v.exactOptional(v.strictObject({ kind: v.picklist(['random', 'balanced']), seed: finite }));

const STAGES = [
  v.strictObject({
    kind: v.literal('pruned'),
    semantics: v.picklist(['hooker', 'tfmot']),
    sparsity: finite,
    begin: finite,
    end: finite,
    every: finite,
    scope: v.exactOptional(v.picklist(['layer', 'global'])),
  }),
  v.strictObject({
    kind: v.literal('structured'),
    norm: v.picklist(['l1', 'l2']),
    sparsity: finite,
    begin: finite,
    end: finite,
    every: finite,
  }),
  v.strictObject({ kind: v.literal('distilled'), student: MODEL, temperature: finite, weight: finite }),
  v.strictObject({ kind: v.literal('hybrid-int8'), tensors: v.picklist(['tflite-faithful', 'all']), bits }),
  v.strictObject({ kind: v.literal('fixed-int8'), calibration: finite, draw, bits }),
  v.strictObject({ kind: v.literal('qat-int8'), begin: finite, calibration: finite, draw }),
] as const;

const LEVEL = v.variant('kind', [
  ...STAGES,
  v.strictObject({
    kind: v.literal('pipeline'),
    stages: v.pipe(v.array(v.variant('kind', STAGES)), v.maxLength(10)),
  }),
]);

/** Its fields stand in the order in which they are written. */
const PLAN = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  dataset: v.strictObject({ name: text, hash: text }),
  question: v.strictObject({
    target: text,
    positive: text,
    attributes: v.pipe(v.array(text), v.maxLength(1000)),
    minCount: finite,
  }),
  model: MODEL,
  loss: v.exactOptional(v.picklist(['softmax', 'logistic'])),
  members: finite,
  steps: finite,
  batchSize: finite,
  learningRate: finite,
  schedule: v.exactOptional(SCHEDULE),
  augmentation: v.exactOptional(AUGMENTATION),
  optimizer: OPTIMIZER,
  seed: finite,
  levels: v.pipe(v.array(LEVEL), v.maxLength(100)),
});

/**
 * A plan from parsed JSON. Checks form only (`planProblems` checks sense): unknown fields, a `__proto__` anywhere, deep
 * nesting and a newer schema version are refused, each with a sentence that names the field.
 */
export function parsePlan(json: unknown): Result<Plan> {
  const unsafe = unsafePlace(json, 'the plan', 0);
  if (unsafe !== null) return fail('plan-unsafe', unsafe);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return fail('plan-invalid', 'This is not a plan: a plan is a JSON object with a "schemaVersion".');
  const version = 'schemaVersion' in json ? json.schemaVersion : undefined;
  if (typeof version === 'number' && version > SCHEMA_VERSION)
    return fail(
      'plan-newer',
      `The plan has schema version ${String(version)} and comes from a newer Longtail; this one reads version ${String(SCHEMA_VERSION)}. Reload the app to update it.`,
    );
  const parsed = v.safeParse(PLAN, json, { abortEarly: true });
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? 'the plan';
  const expected = issue.expected === 'never' ? 'no such field' : (issue.expected ?? issue.requirement);
  return fail(
    'plan-invalid',
    `In the plan, "${cut(field)}" is ${cut(issue.received)} where ${String(expected)} was expected.`,
  );
}

/**
 * The plan as the text of plan.json: fields in a fixed order at every depth, absent ones left out, so that equal plans give
 * equal files. Throws where a number is not finite: JSON has no word for it.
 */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(v.parse(PLAN, plan), null, 2)}\n`;
}

/** Why a value cannot be read safely, or null. A `__proto__` key is an own property after JSON.parse and would poison copies. */
function unsafePlace(value: unknown, place: string, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > DEEPEST) return 'The plan is nested deeper than any plan: it is damaged or no plan.';
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__') return `There is a field named __proto__ in ${cut(place)}, which no plan has.`;
    const problem = unsafePlace(inner, key, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function cut(message: string): string {
  return message.length > 80 ? `${message.slice(0, 79)}…` : message;
}
