import { columnOf } from '#dataset/build.ts';
import type { Dataset, Question } from '#dataset/dataset.ts';
import { planFacts } from '#dataset/plan-facts.ts';
import type { Plan } from '#engine/model/plan.ts';
import { parsePlan } from '#engine/model/plan-file.ts';
import { planProblems } from '#engine/model/validate-plan.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { quoted, refuse } from '#sources/formats/refusal.ts';
import { readBytes } from './files.ts';

/** The plan in a file, its form checked. */
export function readPlan(path: string): Result<Plan> {
  const bytes = readBytes(path);
  if (!bytes.ok) return bytes;
  const text = new TextDecoder().decode(bytes.value);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/u.exec(String(error))?.[1];
    const before = text.slice(0, at === undefined ? text.length : Number(at)).split('\n');
    const [row, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
    return refuse('plan-json', { file: path, row, column: String(column) }, 'this is not JSON, expected a plan.json');
  }
  const plan = parsePlan(json);
  return plan.ok ? plan : fail(plan.problem.code, `${path}: ${plan.problem.message}`, { file: path });
}

/** The plan with the hash of its data, checked against them; `path` names it where it is refused. */
export function planFor(plan: Plan, dataset: Dataset, path: string): Result<Plan> {
  const { name, hash } = plan.dataset;
  const whole: Plan = {
    ...plan,
    dataset: { name: name === '' ? dataset.name : name, hash: hash === '' ? dataset.hash : hash },
  };
  const asked = checkQuestion(whole.question, dataset, path);
  if (!asked.ok) return asked;
  const [problem] = planProblems(whole, planFacts(dataset, whole.question));
  if (problem === undefined) return ok(whole);
  return refuse(`plan-${problem.field}`, { file: path, column: problem.field }, problem.message);
}

/** Whether the data have the columns and the class that a question names. */
export function checkQuestion(question: Question, dataset: Dataset, path: string): Result<null> {
  const names = dataset.columns.map((column) => column.name);
  for (const name of [question.target, ...question.attributes]) {
    if (names.includes(name)) continue;
    const sentence = `the data have no column ${quoted(name)}, expected one of ${quoted(names.join(', '))}`;
    return refuse('plan-question', { file: path, column: 'question' }, sentence);
  }
  const classes = columnOf(dataset, question.target)!.values;
  if (classes.includes(question.positive)) return ok(null);
  const sentence = `the positive class is ${quoted(question.positive)}, expected one of ${quoted(classes.join(', '))}`;
  return refuse('plan-question', { file: path, column: 'question' }, sentence);
}
