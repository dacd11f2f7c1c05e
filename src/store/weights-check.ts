import { levelName } from '#compression/spec.ts';
import { trainingData } from '#dataset/training-data.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { Plan } from '#engine/model/plan.ts';
import { parsePlan, planJson } from '#engine/model/plan-file.ts';
import type { MemberKey } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { readWeightsFile } from '#storage/weights.ts';
import { useData } from './data.ts';
import { usePlan } from './plan.ts';
import { services } from './services.ts';
import { useTraining } from './training-state.ts';

/** What predicting again from weights in a file gave. */
export interface WeightsCheck {
  readonly file: string;
  readonly key: MemberKey;
  /** Audited examples, and how many of them it predicts right. */
  readonly examples: number;
  readonly right: number;
  /** On how many examples it predicts otherwise than the member of this audit; null where the audit has no such member. */
  readonly differing: number | null;
  /** What computed the predictions. */
  readonly detail: string;
}

/**
 * Predicts the audit split of the audit in hand again from a safetensors file that Longtail wrote, in either form, and holds it
 * to what the same member of this audit predicted. Refused: other files, and members of other data, of another question or of
 * another model.
 */
export async function checkWeights(file: File): Promise<Result<WeightsCheck>> {
  const refuse = (why: string): Result<never> => fail('weights', `${file.name}: ${why}`, { file: file.name });
  const { state } = useData.getState();
  const { plan: own } = usePlan.getState();
  if (state.kind !== 'ready' || own === null) return refuse('there is no audit in hand to check it against.');
  const opened = readWeightsFile(new Uint8Array(await file.arrayBuffer()), file.name);
  if (!opened.ok) return opened;
  const parsed = parsePlan(opened.value.plan);
  if (!parsed.ok) return refuse(`its plan cannot be read. ${parsed.problem.message}`);
  const plan = parsed.value;
  if (plan.dataset.hash !== own.dataset.hash)
    return refuse(`it was trained on other data (“${plan.dataset.name}”). Open those, and an audit of them.`);
  if (plan.question.target !== own.question.target)
    return refuse(`it predicts “${plan.question.target}”, and this audit is about “${own.question.target}”.`);
  const data = trainingData(state.dataset, state.question);
  const { key, spec } = opened.value.member;
  if (levelName(spec) !== key.level) return refuse('its level and its specification do not fit together.');
  const read = opened.value.weightsFor(memberProgram(plan, { input: data.input, classes: data.classes.length }, spec));
  if (!read.ok) return read;
  try {
    const { classes, detail } = await services().predictor.predict({ plan, data, member: read.value });
    const right = classes.filter((label, i) => label === data.training.labels[data.auditIndices[i]!]).length;
    return ok({
      file: file.name,
      key,
      examples: classes.length,
      right,
      differing: differences(plan, key, classes),
      detail,
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function differences(plan: Plan, key: MemberKey, classes: Uint16Array): number | null {
  const { plan: own } = usePlan.getState();
  if (own === null || planJson(plan) !== planJson(own)) return null;
  const { results } = useTraining.getState();
  const kept = results.find((result) => result.key.level === key.level && result.key.index === key.index);
  return kept === undefined ? null : classes.filter((label, i) => label !== kept.predictions[i]).length;
}
