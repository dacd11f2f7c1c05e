import type { ModelSpec } from '#engine/model/plan.ts';
import type { Preset } from '#store/state.ts';

/** The presets as a person chooses them. */
export const PRESETS: readonly {
  readonly id: Preset;
  readonly name: string;
  readonly text: string;
  readonly aside: string;
}[] = [
  { id: 'one-minute', name: 'One minute', text: 'few members, few steps', aside: 'wide intervals, good to watch' },
  { id: 'class-hour', name: 'Class hour', text: 'more members, every level', aside: 'narrower intervals' },
  { id: 'paper', name: 'As in the paper', text: '30 members, 10,000 steps', aside: 'for a night, or a fast GPU' },
];

/** "Small CNN", with its shape: "32, 64 filters, then 64". */
export function modelWords(model: ModelSpec): { readonly name: string; readonly shape: string } {
  switch (model.kind) {
    case 'cnn-small':
      return {
        name: 'Small CNN',
        shape: `${model.filters.join(', ')} filters${model.dense.length === 0 ? '' : `, then ${model.dense.join(', ')}`}`,
      };
    case 'mlp':
      return { name: 'Perceptron', shape: `${String(model.hidden.length)} hidden layers: ${model.hidden.join(', ')}` };
    default:
      return model satisfies never;
  }
}
