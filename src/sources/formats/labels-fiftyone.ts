import { ok, type Result } from '#lib/result.ts';
import { partsOf, REVIEW } from '#review/schema.ts';
import type { LabelFact } from './label-fact.ts';
import { actionOf, eventOf, factsByExample, isRecord, listOf, textOf, type ExportedExample } from './labels-shared.ts';
import { refuse } from './refusal.ts';

const classification = (label: string, rest: object = {}) => ({ _cls: 'Classification', tags: [], label, ...rest });
/** Names of fields have letters, digits and underscores alone. */
const fieldName = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

/**
 * Samples as FiftyOne serializes them: `{ "samples": [...] }`, each of which `fiftyone.Sample.from_dict` takes
 * (docs.voxel51.com/api/fiftyone.core.sample.html; label types: docs.voxel51.com/user_guide/using_datasets.html#labels). `filepath`
 * is `data/<id>`: the person sets it to where the file lies. `ground_truth` and one field a population (its share of votes as
 * confidence) are Classification; `review` (the first question), one `review_<question>` for each other that was answered, `settled`
 * and `notes` are Classifications whose entries carry reviewer, time, action and event as attributes of their own, so that
 * `parseFiftyOne` gives the same facts back. The questions themselves are not in it.
 */
export function fiftyOneSamples(examples: readonly ExportedExample[], facts: readonly LabelFact[]): string {
  const samples = factsByExample(examples, facts).map(([example, own]) => ({
    filepath: `data/${example.id}`,
    tags: [],
    example_id: example.id,
    ground_truth: classification(example.trueLabel),
    ...Object.fromEntries(
      example.predictions.map(({ population, label, share }) => [
        fieldName(`votes_${population}`),
        classification(label, { confidence: share }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(example.attributes).map(([name, value]) => [fieldName(`attribute_${name}`), value]),
    ),
    ...fieldsOf(own),
  }));
  return JSON.stringify({ samples }, null, 1);
}

/** The answers to a question, by its id; those to the first one stand in `review`. */
const reviewField = (question: string): string => (question === REVIEW ? 'review' : fieldName(`review_${question}`));

function fieldsOf(facts: readonly LabelFact[]): object {
  const fields: Record<string, object[]> = { review: [], settled: [], notes: [] };
  for (const [order, { action, reviewer, time, event }] of facts.entries()) {
    const rest = { reviewer, time, order, action, ...(event ? { event } : {}) };
    switch (action.kind) {
      case 'add': {
        const { question, answer } = partsOf(action.label);
        (fields[reviewField(question)] ??= []).push(classification(answer, rest));
        break;
      }
      case 'note':
        fields['notes']!.push(classification(action.text, rest));
        break;
      case 'settle':
        // Settled on no label is an entry too.
        fields['settled']!.push(classification(action.labels.join(', '), rest));
        break;
      default:
        action satisfies never;
    }
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, classifications]) => [name, { _cls: 'Classifications', classifications }]),
  );
}

/**
 * Reads samples back: the entries of `review`, `review_...`, `settled` and `notes` that carry an action, of samples with an
 * `example_id`, whatever else there is. A file without samples is refused.
 */
export function parseFiftyOne(content: unknown, file: string): Result<readonly LabelFact[]> {
  if (!isRecord(content) || !Array.isArray(content['samples'])) {
    return refuse('fiftyone', { file }, 'expected the samples of a FiftyOne dataset.');
  }
  return ok(content['samples'].filter(isRecord).flatMap(factsOfSample));
}

function factsOfSample(sample: Readonly<Record<string, unknown>>): readonly LabelFact[] {
  const exampleId = textOf(sample['example_id']);
  const fields = Object.keys(sample).filter((name) => /^(review(_.*)?|settled|notes)$/.test(name));
  const found = fields.flatMap((field) => {
    const list = isRecord(sample[field]) ? listOf(sample[field]['classifications']) : [];
    return list.flatMap((one): readonly { readonly order: number; readonly fact: LabelFact }[] => {
      if (!isRecord(one) || exampleId === '' || textOf(one['reviewer']) === '') return [];
      const action = actionOf(one['action']);
      if (action === null) return [];
      const base = { exampleId, reviewer: textOf(one['reviewer']), time: textOf(one['time']) };
      return [{ order: Number(one['order'] ?? 0), fact: { ...base, action, event: eventOf(one['event']) } }];
    });
  });
  return found.sort((a, b) => a.order - b.order).map(({ fact }) => fact);
}
