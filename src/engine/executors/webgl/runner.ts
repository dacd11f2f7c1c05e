import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { PackingScheme } from '@tensorflow/tfjs-backend-webgl/dist/tex_util.js';
import { quadsFor } from '#engine/executors/gpu/layout.ts';

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

/** Quads of a row of an array's texture, a power of two; shorter arrays have one row. */
export const ROW_QUADS = 4096;

/** Quads and single numbers of an array, which lie in reading order. */
const ADDRESSING = `
  vec4 quad(sampler2D s, int i) { return texelFetch(s, ivec2(i & ${ROW_QUADS - 1}, i >> ${Math.log2(ROW_QUADS)}), 0); }
  float number(sampler2D s, int i) { return quad(s, i >> 2)[i & 3]; }`;

/** Texture of an array in texels, [height, width]. */
const textureShape = (quads: number): [number, number] => [Math.ceil(quads / ROW_QUADS), Math.min(quads, ROW_QUADS)];

/** tfjs counts four numbers a texel, two by two, in its shapes of packed textures. */
const PER_SIDE = 2;

/** Shape that tfjs knows an array by: it packs it into one texel a quad, in order. */
const arrayShape = (quads: number): [number, number, number] => [quads, PER_SIDE, PER_SIDE];

/** Uploads numbers, padded with zeros to whole quads, as they are: tfjs's own way needs a draw and a second texture. */
export function upload(backend: MathBackendWebGL, values: Float32Array): TensorInfo {
  const quads = Math.max(1, quadsFor(values.length));
  const array = backend.makeTensorInfo(arrayShape(quads), 'float32');
  const [height, width] = textureShape(quads);
  const texture = backend.texData.get(array.dataId);
  texture.texShape = [height * PER_SIDE, width * PER_SIDE];
  texture.isPacked = true;
  backend.gpgpu.uploadDenseMatrixToTexture(backend.getTexture(array.dataId), width, height, values);
  return array;
}

/**
 * Queues a draw through tfjs. With shape uniforms the shader key holds no sizes, so that another number of members compiles
 * nothing.
 */
export function draw(backend: MathBackendWebGL, run: Draw): TensorInfo {
  const ints = { ...run.ints, outputQuads: run.quads };
  const floats = run.floats ?? {};
  const program = {
    variableNames: Object.keys(run.inputs),
    outputShape: arrayShape(run.quads),
    packedInputs: true,
    packedOutput: true,
    outPackingScheme: PackingScheme.DENSE, // lets us choose the texture's shape
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
        int i = here.y * ${ROW_QUADS} + here.x;
        vec4 result = vec4(0.);
        if (i < outputQuads) { ${run.code} }
        setOutput(result);
      }`,
  };
  const uniforms = [...Object.values(ints), ...Object.values(floats)].map((value) => [value]);
  return backend.runWebGLProgram(
    program,
    Object.values(run.inputs),
    'float32',
    uniforms,
    true,
    textureShape(run.quads),
  );
}

/** Relu of `result`. GLSL's max may give 0 for what is not a number, and hide that a member has diverged. */
export const RELU = 'result = mix(result, vec4(0.), lessThan(result, vec4(0.)));';

export const LANES = ['x', 'y', 'z', 'w'] as const;

/** Text made of one piece a lane 0 ... count - 1. */
export const each = (count: number, piece: (j: number) => string, separator = '\n'): string =>
  Array.from({ length: count }, (_, j) => piece(j)).join(separator);
