import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent, IndexList, LossSpec, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { quadsFor } from '#engine/executors/gpu/layout.ts';
import { draw, type Draw } from '#engine/executors/webgl/runner.ts';

const classesOf = ({ kind, outputs }: LossSpec): number => (kind === 'logistic' ? 2 : outputs);

/**
 * Functions of one example's distribution; `row` is its first logit quad, t the temperature. A logistic loss is the softmax
 * of two classes whose first logit is 0.
 */
const distribution = (name: string, array: string, loss: LossSpec): string => `
  float ${name}Logit(int row, int k) { return ${
    loss.kind === 'logistic' ? `k == 1 ? quad(${array}, row).x : 0.` : `number(${array}, row * 4 + k)`
  }; }
  float ${name}Largest(int row) {
    float m = ${name}Logit(row, 0); for (int k = 1; k < ${classesOf(loss)}; k++) m = max(m, ${name}Logit(row, k));
    return m; }
  float ${name}Sum(int row, float m, float t) {
    float s = 0.; for (int k = 0; k < ${classesOf(loss)}; k++) s += exp((${name}Logit(row, k) - m) / t);
    return s; }`;

/** What both kernels of a loss are given. */
function lossDraw(
  extent: Extent,
  loss: LossSpec,
  logits: TensorInfo,
  data: ResidentData,
  indices: IndexList,
): Pick<Draw, 'inputs' | 'ints' | 'floats' | 'functions'> {
  const { distillation } = loss;
  return {
    inputs: {
      Logits: logits,
      Labels: data.labels,
      Indices: indices.values,
      ...(distillation ? { Teacher: distillation.logits } : {}),
    },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride, all: data.examples },
    floats: distillation ? { temperature: distillation.temperature, weight: distillation.weight } : {},
    functions: `${distribution('student', 'Logits', loss)}
      ${distillation ? distribution('teacher', 'Teacher', loss) : ''}
      int exampleOf(int p, int b) { return int(number(Indices, first + p * stride + b)); }`,
  };
}

/** Gradient of the mean loss, [member, example, output quad]; pad lanes zero. A fragment makes one quad. */
export function lossGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  loss: LossSpec,
  logits: TensorInfo,
  data: ResidentData,
  indices: IndexList,
): TensorInfo {
  const { kind, outputs, distillation } = loss;
  const depth = quadsFor(outputs);
  return draw(backend, {
    ...lossDraw(extent, loss, logits, data, indices),
    name: 'lossGradient',
    quads: extent.members * extent.examples * depth,
    code: `
      int t = i / ${depth}; int k = (i % ${depth}) * 4; int p = t / examples; int example = exampleOf(p, t - p * examples);
      int row = t * ${depth}; int label = int(number(Labels, example));
      float m = studentLargest(row); float sum = studentSum(row, m, 1.);
      ${
        distillation
          ? `float softSum = studentSum(row, m, temperature);
             int teacherRow = (p * all + example) * ${depth};
             float teacherM = teacherLargest(teacherRow); float teacherTotal = teacherSum(teacherRow, teacherM, temperature);`
          : ''
      }
      for (int j = 0; j < 4; j++) if (k + j < ${outputs}) {
        int own = k + j${kind === 'logistic' ? ' + 1' : ''}; float logit = studentLogit(row, own);
        float g = exp(logit - m) / sum - (own == label ? 1. : 0.);
        ${
          distillation
            ? `float soft = exp((logit - m) / temperature) / softSum;
               float goal = exp((teacherLogit(teacherRow, own) - teacherM) / temperature) / teacherTotal;
               g = (1. - weight) * g + weight * temperature * (soft - goal);`
            : ''
        }
        result[j] = g / float(examples);
      }`,
  });
}

/** Mean loss, [member] quads (loss, 0, 0, 0). A fragment sums one member. */
export function meanLoss(
  backend: MathBackendWebGL,
  extent: Extent,
  loss: LossSpec,
  logits: TensorInfo,
  data: ResidentData,
  indices: IndexList,
): TensorInfo {
  const { outputs, distillation } = loss;
  const depth = quadsFor(outputs);
  return draw(backend, {
    ...lossDraw(extent, loss, logits, data, indices),
    name: 'meanLoss',
    quads: extent.members,
    code: `
      for (int b = 0; b < examples; b++) {
        int row = (i * examples + b) * ${depth}; int example = exampleOf(i, b);
        float m = studentLargest(row);
        float own = m + log(studentSum(row, m, 1.)) - studentLogit(row, int(number(Labels, example)));
        ${
          distillation
            ? `int teacherRow = (i * all + example) * ${depth};
               float teacherM = teacherLargest(teacherRow); float teacherTotal = teacherSum(teacherRow, teacherM, temperature);
               float softSum = studentSum(row, m, temperature);
               float divergence = 0.;
               for (int k = 0; k < ${classesOf(loss)}; k++) {
                 float goal = (teacherLogit(teacherRow, k) - teacherM) / temperature - log(teacherTotal);
                 divergence += exp(goal) * (goal - (studentLogit(row, k) - m) / temperature + log(softSum));
               }
               own = (1. - weight) * own + weight * temperature * temperature * divergence;`
            : ''
        }
        result.x += own;
      }
      result.x /= float(examples);`,
  });
}
