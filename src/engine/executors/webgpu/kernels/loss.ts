import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent, IndexList, LossSpec, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { quadsFor } from '#engine/executors/gpu/layout.ts';
import { dispatch, quads, scalars, type Dispatch } from '#engine/executors/webgpu/runner.ts';

/**
 * Functions of one example's distribution; `row` is its first logit quad, t the temperature. A logistic loss is the softmax
 * of two classes whose first logit is 0.
 */
const distribution = (name: string, array: string, { kind, outputs }: LossSpec): string => `
  fn ${name}Logit(row : i32, k : i32) -> f32 { return ${
    kind === 'logistic' ? `select(0.0, ${array}[row].x, k == 1)` : `${array}[row + k / 4][k % 4]`
  }; }
  fn ${name}Largest(row : i32) -> f32 {
    var m = ${name}Logit(row, 0); for (var k = 1; k < ${classesOf(kind, outputs)}; k++) { m = max(m, ${name}Logit(row, k)); }
    return m; }
  fn ${name}Sum(row : i32, m : f32, t : f32) -> f32 {
    var s = 0.0; for (var k = 0; k < ${classesOf(kind, outputs)}; k++) { s += exp((${name}Logit(row, k) - m) / t); }
    return s; }`;

const classesOf = (kind: LossSpec['kind'], outputs: number): number => (kind === 'logistic' ? 2 : outputs);

/** What both kernels of a loss are given. */
function lossDispatch(
  extent: Extent,
  loss: LossSpec,
  logits: TensorInfo,
  data: ResidentData,
  indices: IndexList,
): Pick<Dispatch, 'inputs' | 'ints' | 'floats' | 'functions'> & { readonly key: string } {
  const { kind, outputs, distillation } = loss;
  return {
    key: `${kind}_${outputs}_${distillation !== null}`,
    inputs: {
      Logits: quads(logits),
      Labels: scalars(data.labels),
      Indices: scalars(indices.values),
      ...(distillation ? { Teacher: quads(distillation.logits) } : {}),
    },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride, all: data.examples },
    floats: distillation ? { temperature: distillation.temperature, weight: distillation.weight } : {},
    functions: () => `${distribution('student', 'Logits', loss)}
      ${distillation ? distribution('teacher', 'Teacher', loss) : ''}
      fn exampleOf(p : i32, b : i32) -> i32 { return i32(Indices[uniforms.first + p * uniforms.stride + b]); }`,
  };
}

/** Gradient of the mean loss, [member, example, output quad]; pad lanes zero. A thread makes one quad. */
export function lossGradient(
  backend: WebGPUBackend,
  extent: Extent,
  loss: LossSpec,
  logits: TensorInfo,
  data: ResidentData,
  indices: IndexList,
): TensorInfo {
  const { kind, outputs, distillation } = loss;
  const depth = quadsFor(outputs);
  const { key, ...rest } = lossDispatch(extent, loss, logits, data, indices);
  return dispatch(backend, {
    ...rest,
    key: `lossGradient_${key}`,
    threads: extent.examples * depth,
    rows: extent.members,
    output: extent.members * extent.examples * depth,
    code: () => `
      if (i >= uniforms.examples * ${depth}) { return; }
      let b = i / ${depth}; let k = (i % ${depth}) * 4; let example = exampleOf(p, b);
      let row = (p * uniforms.examples + b) * ${depth};
      let m = studentLargest(row); let sum = studentSum(row, m, 1.0); let label = i32(Labels[example]);
      ${
        distillation
          ? `let t = uniforms.temperature; let softSum = studentSum(row, m, t);
             let teacherRow = (p * uniforms.all + example) * ${depth};
             let teacherM = teacherLargest(teacherRow); let teacherTotal = teacherSum(teacherRow, teacherM, t);`
          : ''
      }
      var gradient = vec4<f32>(0.0);
      for (var j = 0; j < 4; j++) {
        if (k + j < ${outputs}) {
          let class_ = k + j${kind === 'logistic' ? ' + 1' : ''}; let logit = studentLogit(row, class_);
          var g = exp(logit - m) / sum - select(0.0, 1.0, class_ == label);
          ${
            distillation
              ? `let soft = exp((logit - m) / t) / softSum;
                 let goal = exp((teacherLogit(teacherRow, class_) - teacherM) / t) / teacherTotal;
                 g = (1.0 - uniforms.weight) * g + uniforms.weight * t * (soft - goal);`
              : ''
          }
          gradient[j] = g / f32(uniforms.examples);
        }
      }
      result[p * uniforms.examples * ${depth} + i] = gradient;`,
  });
}

/** Mean loss, [member] quads (loss, 0, 0, 0). A thread sums one member. */
export function meanLoss(
  backend: WebGPUBackend,
  extent: Extent,
  loss: LossSpec,
  logits: TensorInfo,
  data: ResidentData,
  indices: IndexList,
): TensorInfo {
  const { kind, outputs, distillation } = loss;
  const depth = quadsFor(outputs);
  const { key, ...rest } = lossDispatch(extent, loss, logits, data, indices);
  return dispatch(backend, {
    ...rest,
    key: `meanLoss_${key}`,
    threads: 1,
    rows: extent.members,
    output: extent.members,
    code: () => `
      if (i > 0) { return; }
      var loss = 0.0;
      for (var b = 0; b < uniforms.examples; b++) {
        let row = (p * uniforms.examples + b) * ${depth}; let example = exampleOf(p, b);
        let m = studentLargest(row);
        var own = m + log(studentSum(row, m, 1.0)) - studentLogit(row, i32(Labels[example]));
        ${
          distillation
            ? `let t = uniforms.temperature; let teacherRow = (p * uniforms.all + example) * ${depth};
               let teacherM = teacherLargest(teacherRow); let teacherTotal = teacherSum(teacherRow, teacherM, t);
               let softSum = studentSum(row, m, t);
               var divergence = 0.0;
               for (var k = 0; k < ${classesOf(kind, outputs)}; k++) {
                 let goal = (teacherLogit(teacherRow, k) - teacherM) / t - log(teacherTotal);
                 divergence += exp(goal) * (goal - (studentLogit(row, k) - m) / t + log(softSum));
               }
               own = (1.0 - uniforms.weight) * own + uniforms.weight * t * t * divergence;`
            : ''
        }
        loss += own;
      }
      result[p] = vec4<f32>(loss / f32(uniforms.examples), 0.0, 0.0, 0.0);`,
  });
}
