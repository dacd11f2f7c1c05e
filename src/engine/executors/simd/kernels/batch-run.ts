import { H_FAKE, H_PARAMETERS, H_ROUNDED } from '../fields';
import * as code from '../whole-batch/codes';
import { batchConvolve, batchKernelGradient, batchSums, packTap } from './batch-conv';
import { batchApply, batchClear, batchJoin, batchJoinSums, batchMask, batchNormGradient } from './batch-join';
import { batchMoments, batchNormFinish, batchNormPredict, batchNormTurn } from './batch-norm';
import { batchAveragePool, batchAveragePoolGradient, batchMaxPool, batchMaxPoolGradient } from './batch-pool';
import { atPoint, leavePoint, POINTS_FAKE, putBack, roundInput } from './batch-points';
import { channelsOf, heightOf, imageAt, pixelOf, rowOf, widthOf } from './batch-tensor';
import { batchWinograd } from './batch-winograd';
import { batchWinogradGradient, unpackWinogradTiles } from './batch-winograd-gradient';
import { batchWinogradStrided, batchWinogradStridedGradient, batchWinogradStridedTurned } from './batch-winograd-strided';
import { roundedParameters } from './fake';
import { readExamples } from './examples';
import { rowLosses, updateMember } from './member';
import { packConvPanels, unpackDenseRows } from './pack';
import { address, int } from './simd';
import { packWinogradTiles } from './winograd-tiles';

/**
 * One training step of one member in one call, operation by operation over the whole batch, since batch norm needs it: see
 * whole-batch/tape.ts. Nothing is allocated. tapes: words T_* of whole-batch/codes.ts. Other arguments as those of `step`.
 */
export function batchStep(
  table: usize, tapes: usize, member: usize, indices: usize, views: usize, count: i32, rate: f32, first: f32, second: f32,
): f32 {
  const fake = int(table, H_FAKE) != 0, scale: f32 = <f32>1 / <f32>count;
  const logits = address(tapes, code.T_LOGITS), d = address(tapes, code.T_LOGITS_GRADIENT);
  takeParameters(table, member, fake);
  memory.fill(address(tapes, code.T_CLEAR), 0, address(tapes, code.T_CLEAR_BYTES));
  readExamples(table, indices, views, count);
  run(address(tapes, code.T_PREPARE_STEP), table, member, count, code.POINTS_PLAIN);
  run(address(tapes, code.T_FORWARD), table, member, count, fake ? POINTS_FAKE : code.POINTS_PLAIN);
  const loss = rowLosses(table, imageAt(logits, 0), imageAt(d, 0), address(d, 1), indices, count, scale);
  run(address(tapes, code.T_BACKWARD), table, member, count, code.POINTS_PLAIN);
  updateMember(table, member, rate, first, second);
  return loss * scale;
}

/** Takes a member's weights for the calls of `batchPredict` that follow. */
export function batchPrepare(table: usize, tapes: usize, member: usize): void {
  takeParameters(table, member, false);
  run(address(tapes, code.T_PREPARE_PREDICTION), table, member, 1, code.POINTS_PLAIN);
}

/** Runs examples forward as at prediction. mode: POINTS_*, what happens at the points. */
export function batchPredict(table: usize, tapes: usize, indices: usize, count: i32, mode: i32): void {
  readExamples(table, indices, 0, count);
  run(address(tapes, code.T_PREDICTION), table, 0, count, mode);
}

/** Values of a tensor, images [0, count), without border and padding: [image, y, x, channel]. */
export function batchCopyOut(tensor: usize, count: i32, to: usize): void {
  const height = heightOf(tensor), width = widthOf(tensor), bytes = <usize>channelsOf(tensor) << 2;
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, to += bytes)
        memory.copy(to, imageAt(tensor, image) + <usize>y * rowOf(tensor) + <usize>x * pixelOf(tensor), bytes);
}

/** The tapes read the parameters from one place: the member's effective ones, with rounded kernels in a step with fake quantization. */
function takeParameters(table: usize, member: usize, fake: bool): void {
  const bytes = address(table, H_PARAMETERS) << 2, effective = member + (bytes << 1);
  if (fake) roundedParameters(table, effective);
  else memory.copy(address(table, H_ROUNDED), effective, bytes);
}

/**
 * Runs a tape for images [0, count). Each segment takes a group of images through all of its instructions while they are in the
 * caches; every second segment begins with the last group, which the one before has left there.
 */
function run(tape: usize, table: usize, raw: usize, count: i32, mode: i32): void {
  for (let backwards = false; int(tape, 0); backwards = !backwards) {
    const group = int(tape, 0), end = tape + (<usize>int(tape, 1) << 2), groups = (count + group - 1) / group;
    for (let i = 0; i < groups; i++) {
      const first = (backwards ? groups - 1 - i : i) * group, some = min(group, count - first);
      for (let at = tape + 8; at < end; at += <usize>int(at, 1) << 2) instruction(at, table, raw, first, some, mode);
    }
    tape = end;
  }
}

/** Argument `index` of an instruction. */
// @ts-ignore: decorator
@inline
function a(at: usize, index: i32): usize {
  return address(at, index + 2);
}

// @ts-ignore: decorator
@inline
function n(at: usize, index: i32): i32 {
  return int(at, index + 2);
}

function instruction(at: usize, table: usize, raw: usize, first: i32, count: i32, mode: i32): void {
  switch (int(at, 0)) {
    case code.PACK: packConvPanels(a(at, 0), a(at, 1), n(at, 2), n(at, 3), n(at, 4), n(at, 5)); break;
    case code.PACK_TAP: packTap(a(at, 0), a(at, 1), n(at, 2), n(at, 3), a(at, 4)); break;
    case code.PACK_WINOGRAD: packWinogradTiles(a(at, 0), a(at, 1), n(at, 2), n(at, 3), n(at, 4)); break;
    case code.COPY: memory.copy(a(at, 0), a(at, 1), a(at, 2)); break;
    case code.NORM_PREDICT: batchNormPredict(a(at, 0), n(at, 1), n(at, 2), a(at, 3)); break;
    case code.CONVOLVE:
      batchConvolve(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), n(at, 4), n(at, 5), n(at, 6), a(at, 7), a(at, 8), n(at, 9), n(at, 10));
      break;
    case code.WINOGRAD:
      batchWinograd(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), a(at, 4), a(at, 5), n(at, 6), n(at, 7), n(at, 8), a(at, 9));
      break;
    case code.WINOGRAD_STRIDED:
      batchWinogradStrided(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), a(at, 4), a(at, 5), n(at, 6), n(at, 7), a(at, 8));
      break;
    case code.MOMENTS: batchMoments(a(at, 0), first, count, a(at, 1)); break;
    case code.NORM_FINISH: batchNormFinish(a(at, 0), a(at, 1), raw + a(at, 2), n(at, 3), n(at, 4), a(at, 5)); break;
    case code.APPLY: batchApply(a(at, 0), a(at, 1), a(at, 2), n(at, 3), first, count); break;
    case code.JOIN: batchJoin(a(at, 0), a(at, 1), a(at, 2), a(at, 3), a(at, 4), n(at, 5), first, count); break;
    case code.MAX_POOL: batchMaxPool(a(at, 0), a(at, 1), n(at, 2), a(at, 3), first, count); break;
    case code.AVERAGE_POOL: batchAveragePool(a(at, 0), a(at, 1), n(at, 2), n(at, 3), first, count); break;
    case code.POINT: atPoint(table, n(at, 0), first, count, mode); break;
    case code.ROUND_INPUT: if (mode == code.POINTS_QUANTIZED && int(a(at, 3), 0)) roundInput(table, n(at, 0), n(at, 1), a(at, 2), first, count); break;
    case code.PUT_BACK: if (mode == code.POINTS_QUANTIZED && int(a(at, 3), 0)) putBack(table, n(at, 0), a(at, 2), first, count); break;
    case code.KERNEL_GRADIENT:
      batchKernelGradient(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), n(at, 4), n(at, 5), n(at, 6), a(at, 7));
      break;
    case code.WINOGRAD_GRADIENT: batchWinogradGradient(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), a(at, 4), n(at, 5), a(at, 6)); break;
    case code.WINOGRAD_STRIDED_TURNED:
      batchWinogradStridedTurned(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), a(at, 4), n(at, 5), n(at, 6), a(at, 7));
      break;
    case code.WINOGRAD_STRIDED_GRADIENT:
      batchWinogradStridedGradient(a(at, 0), a(at, 1), first, count, n(at, 2), n(at, 3), a(at, 4), n(at, 5), a(at, 6));
      break;
    case code.SUMS: batchSums(a(at, 0), first, count, a(at, 1)); break;
    case code.JOIN_SUMS: batchJoinSums(a(at, 0), n(at, 1), a(at, 2), a(at, 3), a(at, 4), a(at, 5), first, count); break;
    case code.NORM_TURN: batchNormTurn(a(at, 0), a(at, 1), a(at, 2), n(at, 3), n(at, 4), a(at, 5)); break;
    case code.NORM_GRADIENT: batchNormGradient(a(at, 0), a(at, 1), a(at, 2), a(at, 3), n(at, 4), first, count); break;
    case code.MASK: batchMask(a(at, 0), a(at, 1), a(at, 2), n(at, 3), first, count); break;
    case code.CLEAR: batchClear(a(at, 0), first, count); break;
    case code.MAX_POOL_GRADIENT: batchMaxPoolGradient(a(at, 0), a(at, 1), n(at, 2), a(at, 3), first, count); break;
    case code.AVERAGE_POOL_GRADIENT: batchAveragePoolGradient(a(at, 0), a(at, 1), n(at, 2), n(at, 3), first, count); break;
    case code.LEAVE_POINT: leavePoint(table, a(at, 0), n(at, 1), a(at, 2), n(at, 3), a(at, 4), first, count); break;
    case code.UNPACK_WINOGRAD: unpackWinogradTiles(a(at, 0), a(at, 1), a(at, 2), n(at, 3)); break;
    case code.UNPACK: unpackDenseRows(a(at, 0), a(at, 1), n(at, 2), n(at, 3), n(at, 4), n(at, 5), n(at, 6)); break;
    default: unreachable();
  }
}
