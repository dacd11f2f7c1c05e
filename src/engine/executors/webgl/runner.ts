import type { TensorInfo } from '@tensorflow/tfjs-core';
import { webgl_util, type MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';

/** Most arrays that a draw may read: what every device with WebGL 2 has. */
export const SAMPLERS = 16;

/** One draw of a GLSL kernel; every fragment makes one quad. */
export interface Draw {
  /** Names the kernel in its source. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly ints: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** Quads of the result. */
  readonly quads: number;
  readonly functions?: string;
  /** Sees `i`, the quad it makes, and sets `result`, a vec4 that starts at zero. */
  readonly code: string;
}

/**
 * Texel addresses. Texels are numbered in reading order whatever the shape of a texture. `at` divides in floats and corrects by
 * one, as integer division is slow on most GPUs; `advance` steps without a division.
 */
const ADDRESSING = `
  ivec2 at(sampler2D s, int i) {
    int w = textureSize(s, 0).x; int y = int(float(i) / float(w)); int x = i - y * w;
    if (x < 0) { x += w; y--; } else if (x >= w) { x -= w; y++; }
    return ivec2(x, y);
  }
  ivec2 advance(ivec2 a, int by, int w) { a.x += by; while (a.x >= w) { a.x -= w; a.y++; } return a; }
  vec4 quad(sampler2D s, int i) { return texelFetch(s, at(s, i), 0); }
  float number(sampler2D s, int i) { return quad(s, i / 4)[i % 4]; }`;

/**
 * Queues a draw through tfjs. Every array has the shape [quad, 2, 2], which tfjs packs into one texel a quad, in order; with
 * shape uniforms the shader key then holds no sizes, so that another number of members compiles nothing.
 */
export function draw(backend: MathBackendWebGL, run: Draw): TensorInfo {
  const outputShape = [run.quads, 2, 2];
  const ints = {
    ...run.ints,
    outputWidth: webgl_util.getTextureShapeFromLogicalShape(outputShape, true)[1] / 2,
    outputQuads: run.quads,
  };
  const floats = run.floats ?? {};
  const program = {
    variableNames: Object.keys(run.inputs),
    outputShape,
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: [
      ...Object.keys(ints).map((name) => ({ name, type: 'int' as const })),
      ...Object.keys(floats).map((name) => ({ name, type: 'float' as const })),
    ],
    userCode: `// ${run.name}
      ${ADDRESSING}
      ${run.functions ?? ''}
      void main() {
        ivec2 here = ivec2(gl_FragCoord.xy);
        int i = here.y * outputWidth + here.x;
        vec4 result = vec4(0.);
        if (i < outputQuads) { ${run.code} }
        setOutput(result);
      }`,
  };
  const uniforms = [...Object.values(ints), ...Object.values(floats)].map((value) => [value]);
  return backend.runWebGLProgram(program, Object.values(run.inputs), 'float32', uniforms, true);
}

export const LANES = ['x', 'y', 'z', 'w'] as const;

/** Text made of one piece a lane 0 ... count - 1. */
export const each = (count: number, piece: (j: number) => string, separator = '\n'): string =>
  Array.from({ length: count }, (_, j) => piece(j)).join(separator);
