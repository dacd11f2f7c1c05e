/**
 * The words of a tape, which tells kernels/batch-run.ts what to run: segments of [images that pass it together, words of the
 * segment, instructions], and 0 at the end. An instruction is [code, its words, arguments], the arguments those of the kernel in its order,
 * without the range of images. Tensors are addresses of records (kernels/batch-tensor.ts), other buffers their own addresses.
 * Compiled by both AssemblyScript and TypeScript, so it holds nothing but numbers.
 */

// Weights: once a member.
export const PACK = 0;
export const PACK_TAP = 1;
export const PACK_WINOGRAD = 2;
export const COPY = 3;
export const NORM_PREDICT = 4;
// Forward.
export const CONVOLVE = 5;
export const WINOGRAD = 6;
export const MOMENTS = 7;
export const NORM_FINISH = 8;
export const APPLY = 9;
export const JOIN = 10;
export const MAX_POOL = 11;
export const AVERAGE_POOL = 12;
/** [point]: rounds it or extends its range, as the call asks for. */
export const POINT = 13;
/** [point, where to keep it, wanted]: rounds the input of an operation for it; then [point, from where] puts it back. */
export const ROUND_INPUT = 14;
export const PUT_BACK = 15;
// Backward.
export const KERNEL_GRADIENT = 16;
export const WINOGRAD_GRADIENT = 17;
export const SUMS = 18;
export const JOIN_SUMS = 19;
export const NORM_TURN = 20;
export const NORM_GRADIENT = 21;
export const MASK = 22;
export const CLEAR = 23;
export const MAX_POOL_GRADIENT = 24;
export const AVERAGE_POOL_GRADIENT = 25;
/** [d, point, its values as a tensor, relu, to]: through relu, and where fake quantization rounds the point, within its grid. */
export const LEAVE_POINT = 26;
export const UNPACK_WINOGRAD = 27;
export const UNPACK = 28;

// Winograd of stride 2: forward, the gradient of the input, that of the kernel.
export const WINOGRAD_STRIDED = 29;
export const WINOGRAD_STRIDED_TURNED = 30;
export const WINOGRAD_STRIDED_GRADIENT = 31;

// Where batchStep and batchPredict find things: words from the address they are given.
export const T_PREPARE_STEP = 0;
export const T_FORWARD = 1;
export const T_BACKWARD = 2;
export const T_PREPARE_PREDICTION = 3;
export const T_PREDICTION = 4;
/** Tensors: the logits and their gradient. */
export const T_LOGITS = 5;
export const T_LOGITS_GRADIENT = 6;
/** What is zeroed before a step. */
export const T_CLEAR = 7;
export const T_CLEAR_BYTES = 8;
export const TAPES_WORDS = 16;

/** What POINT and ROUND_INPUT do; a step with fake quantization has one more, kernels/batch-points.ts. */
export const POINTS_PLAIN = 0;
export const POINTS_QUANTIZED = 1;
export const POINTS_RANGES = 2;

/** Where a gradient passes relu: everywhere, where y is positive, or where a z + b is. */
export const MASK_NONE = 0;
export const MASK_Y = 1;
export const MASK_Z = 2;
