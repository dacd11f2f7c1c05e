import { describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { foldedProgram, foldParameters } from '#engine/model/fold.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { averagePoolProgram, countUpTo, randomData, randomParameters, residualProgram } from '#testing/small-nets.ts';

/** Batch norm behind a convolution that has a bias of its own, and a convolution without batch norm. */
function biasedProgram(): StepProgram {
  const net = netBuilder([5, 4, 2]);
  net.conv({ filters: 3 });
  net.batchNorm({ relu: true });
  net.conv({ filters: 2, relu: true, bias: false });
  return net.program(2, 'logistic');
}

const NETS: readonly (readonly [string, StepProgram])[] = [
  ['resnet-8', buildProgram({ kind: 'resnet-8', filters: [4, 6], blocks: 2 }, [9, 8, 3], 3)],
  ['shortcuts of both kinds', residualProgram()],
  ['a convolution with a bias of its own', biasedProgram()],
];

describe('folding', () => {
  it.each(NETS)('predicts the same: %s', async (_, program) => {
    const folded = foldedProgram(program);
    expect(folded.ops.some((op) => op.kind === 'batchnorm')).toBe(false);
    const parameters = Float32Array.from(randomParameters(program, 3));
    const data = randomData(program, 7, 4);
    const [before, after] = await Promise.all(
      [[program, parameters] as const, [folded, foldParameters(program, folded, parameters)] as const].map(
        ([of, weights]) => {
          const executor = createReferenceExecutor();
          executor.load(data);
          return executor
            .createChunk({
              program: of,
              members: 1,
              batchSize: 1,
              optimizer: { kind: 'sgd', momentum: 0 },
              parameters: weights,
            })
            .logits(countUpTo(7), { kind: 'none' });
        },
      ),
    );
    expect(new Set(before).size).toBeGreaterThan(6);
    before!.forEach((logit, i) => expect(Math.abs(after![i]! - logit)).toBeLessThan(1e-5));
  });

  it('counts points, offsets and tensors anew', () => {
    const folded = foldedProgram(residualProgram());
    expect(folded.ops.map((op) => [op.name, op.from])).toEqual([
      ['conv1', 0],
      ['conv3', 1],
      ['conv5', 2],
      ['add7', 3],
      ['conv8', 4],
      ['conv10', 4],
      ['conv12', 6],
      ['add14', 7],
      ['global-avgpool15', 8],
      ['dense16', 9],
    ]);
    expect(folded.ops.flatMap((op) => (op.kind === 'add' ? [op.other] : []))).toEqual([1, 5]);
    expect(folded.ops.map((op) => 'relu' in op && op.relu)).toEqual([
      ...[true, true, false, true], // stem, first block
      ...[false, true, false, true], // shortcut, second block
      ...[false, false],
    ]);
    expect(folded.tensors.slice(0, 3).map((t) => [t.name, t.offset, t.size])).toEqual([
      ['conv1/kernel', 0, 135],
      ['conv1/bias', 135, 5],
      ['conv3/kernel', 140, 225],
    ]);
    const last = folded.tensors.at(-1)!;
    expect(folded.parameterCount).toBe(Math.ceil((last.offset + last.size) / 4) * 4);
  });

  it('gives a program without batch norm back as it is, and its parameters', () => {
    const program = averagePoolProgram();
    expect(foldedProgram(program)).toBe(program);
    const parameters = Float32Array.from(randomParameters(program, 1));
    expect(foldParameters(program, program, parameters)).toEqual(parameters);
  });

  it('refuses a batch norm that is not alone behind a convolution without relu', () => {
    const refused = (build: (net: ReturnType<typeof netBuilder>) => void): void => {
      const net = netBuilder([4, 4, 2]);
      build(net);
      expect(() => foldedProgram(net.program(2))).toThrow(/batchnorm2 cannot be folded/);
    };
    refused((net) => {
      net.conv({ filters: 2, relu: true });
      net.batchNorm();
    });
    refused((net) => {
      net.pool('maxpool', 2);
      net.batchNorm();
    });
    refused((net) => {
      const conv = net.conv({ filters: 2 });
      net.batchNorm();
      net.add(conv);
    });
    const program = residualProgram();
    expect(() => foldParameters(program, foldedProgram(program), new Float32Array(3))).toThrow(/not 3/);
  });
});
