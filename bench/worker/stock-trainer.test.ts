import { beforeAll, describe, expect, it } from 'vitest';
import { setBackend } from '@tensorflow/tfjs';
import { CNN, MLP, programOf, RESNET } from '../run/workload.ts';
import { stockModel } from './stock-trainer.ts';

beforeAll(() => setBackend('cpu'));

describe('the stock model', () => {
  it.each([CNN, MLP, RESNET])('has the parameters and shapes of the program: $spec.kind', (workload) => {
    const program = programOf(workload);
    const model = stockModel(program);
    expect(model.countParams()).toBe(program.tensors.reduce((sum, { size }) => sum + size, 0));
    expect(model.outputs.map(({ shape }) => shape)).toEqual([[null, program.outputs]]);
    const convolutions = program.ops.filter(({ kind }) => kind === 'conv');
    const layers = model.layers.filter((layer) => layer.getClassName() === 'Conv2D');
    expect(layers.map((layer) => layer.outputShape)).toEqual(convolutions.map(({ out }) => [null, ...out]));
    model.dispose();
  });
});
