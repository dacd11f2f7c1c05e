import { TEAM } from '#engine/executors/webgpu/runner.ts';

/**
 * A function `name(lane, value)` that combines the values of a whole team, with `combine` an expression in a and b, and gives
 * every thread the result. All threads of the team must call it together. The order of additions never changes.
 */
export const reduction = (name: string, combine: string, type = 'vec4<f32>'): string => `
  var<workgroup> ${name}Values : array<${type}, ${TEAM}>;
  fn ${name}(lane : i32, value : ${type}) -> ${type} {
    workgroupBarrier(); // a call before this one may still be read
    ${name}Values[lane] = value;
    workgroupBarrier();
    for (var width = ${TEAM / 2}; width > 0; width /= 2) {
      if (lane < width) { let a = ${name}Values[lane]; let b = ${name}Values[lane + width]; ${name}Values[lane] = ${combine}; }
      workgroupBarrier();
    }
    return ${name}Values[0];
  }`;
