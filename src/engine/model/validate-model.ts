import type { ModelSpec } from '#engine/model/plan.ts';
import type { Messages } from '#engine/model/plan-words.ts';
import { countProblem, shown } from '#engine/model/plan-words.ts';
import type { PlanFacts } from '#engine/model/presets.ts';

/** Limits that keep a model within reach of a browser. */
const MOST = { layers: 16, units: 4096, stages: 4, blocks: 4 } as const;

/** What keeps a model from being built for these data. */
export function modelProblems(model: ModelSpec, { kind, input }: Pick<PlanFacts, 'kind' | 'input'>): Messages {
  if (model.kind !== 'mlp' && kind === 'table') return ['A convolutional model needs images: choose mlp for a table.'];
  const layers = [
    ...(model.kind === 'mlp' ? model.hidden : model.filters),
    ...(model.kind === 'cnn-small' ? model.dense : []),
  ];
  const side = Math.min(input[0], input[1]);
  return [
    model.kind === 'resnet-8'
      ? countProblem('stages', model.filters.length, 1, MOST.stages)
      : layers.length > MOST.layers
        ? `A model can have at most ${shown(MOST.layers)} hidden layers.`
        : null,
    model.kind === 'resnet-8' ? countProblem('blocks of a stage', model.blocks, 1, MOST.blocks) : null,
    model.kind === 'cnn-small' ? halvingProblem(side, model.filters.length, 'convolutions') : null,
    model.kind === 'resnet-8' ? halvingProblem(side, model.filters.length - 1, 'stages after the first') : null,
    ...(model.kind === 'mlp' ? [] : model.filters).map((count) =>
      countProblem('filters of a layer', count, 1, MOST.units),
    ),
    ...(model.kind === 'resnet-8' ? [] : model.kind === 'mlp' ? model.hidden : model.dense).map((count) =>
      countProblem('units of a layer', count, 1, MOST.units),
    ),
  ];
}

/** Each convolution with its pool, and each later stage, halves the image: at the end at least one pixel must be left. */
function halvingProblem(side: number, halvings: number, what: string): string | null {
  const most = Math.floor(Math.log2(side));
  if (halvings <= most) return null;
  return `Images of ${shown(side)} pixels can be halved ${shown(most)} times: use at most ${shown(most)} ${what}, not ${shown(halvings)}.`;
}
