/**
 * The descriptor table that tells the WebAssembly what to run: words of 32 bits, a header, then a record an operation, then
 * a record a point (point 0 is the input, point i + 1 the output of operation i). Read by the kernels and written by
 * layout.ts; this file is compiled by both AssemblyScript and TypeScript, so it holds nothing but numbers.
 */

// Sizes in words.
export const HEADER_WORDS = 32;
export const OP_WORDS = 32;
export const POINT_WORDS = 16;

// Header. Addresses are bytes from the start of memory.
export const H_OPS = 0;
/** The leading operations that work image by image: convolutions and pools. The rest are dense. */
export const H_IMAGE_OPS = 1;
/** Examples that go through the whole net together. */
export const H_BLOCK = 2;
/** Logits of one example. */
export const H_OUTPUTS = 3;
/** Floats of one member's parameter vector. */
export const H_PARAMETERS = 4;
/** Gradient in the layout of the parameter vector. */
export const H_GRADIENTS = 5;
/** Everything that must be zero before a step's backward: the flat gradient and the kernels' own layouts. */
export const H_CLEAR = 6;
export const H_CLEAR_BYTES = 7;
export const H_SCRATCH = 8;
/** 0 bytes, 1 floats. */
export const H_INPUT_KIND = 9;
export const H_INPUTS = 10;
/** uint16 class a example. */
export const H_LABELS = 11;
/** 0 SGD, 1 SGD with momentum, 2 Adam. */
export const H_OPTIMIZER = 12;
/** float: momentum, or Adam's beta1. */
export const H_BETA1 = 13;
/** float: Adam's beta2. */
export const H_BETA2 = 14;
/** float */
export const H_EPSILON = 15;
/** float: 1 - beta1 and 1 - beta2, rounded once. */
export const H_REST1 = 16;
export const H_REST2 = 17;
/** 0 softmax, 1 logistic cross-entropy. */
export const H_LOSS = 18;
/** The member's teacher logits [example, output]; 0: no distillation. */
export const H_TEACHER = 19;
/** float: temperature of distillation, and the teacher's share of the loss. */
export const H_TEMPERATURE = 20;
export const H_TEACHER_WEIGHT = 21;
/** Weight decay of every parameter, a parameter vector; 0: none anywhere. */
export const H_DECAY = 22;
/** 1: masked weights are zeroed before a step and trained on, 0: they are kept as they are. */
export const H_ZEROED = 23;
/** 1: the step fake-quantizes kernels, and activations at points marked by P_QUANTIZATION. */
export const H_FAKE = 24;
/** A parameter vector for the effective parameters with rounded kernels. */
export const H_ROUNDED = 25;

// Operation record. Offsets are bytes from the start of the member's effective parameters.
export const O_KIND = 0;
/** How a convolution runs together with the 2x2 pool behind it: 0 alone, 1 direct, 2 Winograd. */
export const O_FUSED = 1;
export const O_RELU = 2;
/** Side of a convolution's kernel or of a pool's window. */
export const O_KERNEL = 3;
export const O_STRIDE = 4;
export const O_WEIGHTS = 5;
export const O_BIAS = 6;
/** Kernels packed for the forward pass. */
export const O_PANELS = 7;
/** Kernels packed for the gradient of the input; 0 where no operation before has parameters. */
export const O_BACKWARD = 8;
export const O_WINOGRAD = 9;
export const O_PACKED_BIAS = 10;
export const O_KERNEL_GRADIENT = 11;
export const O_BIAS_GRADIENT = 12;
/** int32 [image, y, x, stored channel]: where the winner of each pooling window is. */
export const O_WINNERS = 13;
export const O_WINNERS_STRIDE = 14;
/** 1: the kernel gradient is written straight into the flat gradient. */
export const O_DIRECT_GRADIENT = 15;
/** Inputs of one unit of a dense layer, as they are stored. */
export const O_INPUTS = 16;
/** Rows of Winograd's tiles that are multiplied together. */
export const O_TOGETHER = 17;

export const KIND_CONV = 0;
export const KIND_DENSE = 1;
/** Kinds from here on have no parameters. */
export const KIND_POOL = 2;
export const KIND_AVERAGE = 3;

// Point record.
export const P_ACTIVATIONS = 0;
export const P_IMAGE_STRIDE = 1;
export const P_ROW_STRIDE = 2;
/** Bytes from the start of an image to its first pixel inside the zero border. */
export const P_INTERIOR = 3;
export const P_HEIGHT = 4;
export const P_WIDTH = 5;
export const P_CHANNELS = 6;
/** Channels with padding: a multiple of 8 everywhere but at the input and pools of it. */
export const P_STORED = 7;
/** 0: no gradient is wanted. */
export const P_GRADIENT = 8;
/** 0: one image's gradient is kept at a time. */
export const P_GRADIENT_STRIDE = 9;
/** 0 none, 1 fixed scale and zero point, 2 symmetric by the example's greatest magnitude. */
export const P_QUANTIZATION = 10;
/** float */
export const P_SCALE = 11;
/** float */
export const P_ZERO_POINT = 12;
/** Two floats: least and greatest value seen. */
export const P_LEAST = 13;
/**
 * int32 [image, y, x, stored channel]: all ones where fake quantization or relu stops the gradient. 0 where it needs no marks of
 * its own: at the input, and behind a pool that its convolution takes along, whose winners hold them.
 */
export const P_BLOCKED = 15;
